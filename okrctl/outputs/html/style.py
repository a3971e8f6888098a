"""Holds the style of every page: light and dark, narrow and wide, on paper."""

STYLE = """
:root{--paper:#fff;--raised:#f7f8fa;--ink:#191c20;--soft:#565e68;--rule:#dfe3e8;--accent:#1d5fb8;--track:#e4e8ed;
--good:#14532d;--good-bg:#e4f3e9;--warn:#664a00;--warn-bg:#fdf1d0;--bad:#97190f;--bad-bg:#fce8e6;--none:#414952;
--none-bg:#eceff2;--fall:#b3372c;--rise:#2b7a4b}
@media screen and (prefers-color-scheme:dark){:root{--paper:#14171b;--raised:#1b1f24;--ink:#e7eaee;--soft:#a4adb8;
--rule:#2d333b;--accent:#86b6ff;--track:#2d333b;--good:#9fe3b8;--good-bg:#12301f;--warn:#f3d083;--warn-bg:#352a0a;
--bad:#ffb6ab;--bad-bg:#3d1814;--none:#c6ced7;--none-bg:#272d34;--fall:#ff9a8c;--rise:#7fd39f}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,
"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
header,main,footer{max-width:74rem;margin:0 auto;padding:0 1.5rem}
header{padding-top:3rem}
footer{margin-top:4rem;padding-bottom:3rem;color:var(--soft);font-size:.875rem}
footer p{max-width:none;border-top:1px solid var(--rule);padding-top:1rem}
h1,h2,h3,h4{line-height:1.25;margin:0;font-weight:650;letter-spacing:-.01em;text-wrap:balance}
h1{font-size:2rem;letter-spacing:-.02em}
h2{font-size:1.375rem;margin:3.5rem 0 1.25rem}
h3{font-size:1.0625rem;margin:2.25rem 0 1rem}
h4{font-size:1.0625rem}
p{margin:.5rem 0;max-width:70ch}
a{color:var(--accent);text-underline-offset:.15em}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:2px}
main:focus{outline:0}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:1rem;background:var(--paper);padding:.5rem 1rem;z-index:1}
.soft,.place,.meta,caption{color:var(--soft)}
.meta{font-size:.875rem}
.place{font-size:.8125rem}
nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;padding:0;margin:1.75rem 0 0;font-size:.9375rem}
nav{border-bottom:1px solid var(--rule);padding-bottom:.75rem}
.lead{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1.4fr);gap:2.5rem;align-items:end;margin-top:2rem}
.lead:has(> :only-child){grid-template-columns:1fr}
.score{font-size:3.5rem;line-height:1;font-weight:650;letter-spacing:-.03em}
.score .chip{font-size:.875rem;letter-spacing:0;vertical-align:.6em;margin-left:.5rem}
.lead p{margin:.75rem 0 0}
.chip{display:inline-block;font-size:.8125rem;line-height:1.4;font-weight:550;padding:.05rem .5rem;border-radius:1rem;
white-space:nowrap;letter-spacing:0}
.chip::before{margin-right:.35em;font-size:.75em}
.good{color:var(--good);background:var(--good-bg)}.good::before{content:"\\25CF";content:"\\25CF" / ""}
.warn{color:var(--warn);background:var(--warn-bg)}.warn::before{content:"\\25C6";content:"\\25C6" / ""}
.bad{color:var(--bad);background:var(--bad-bg)}.bad::before{content:"\\25B2";content:"\\25B2" / ""}
.none{color:var(--none);background:var(--none-bg)}.none::before{content:"\\25CB";content:"\\25CB" / ""}
.tally{display:flex;flex-wrap:wrap;gap:.375rem;margin:.75rem 0 0;padding:0;list-style:none}
table{border-collapse:collapse;width:100%;font-size:.9375rem;line-height:1.4}
caption{text-align:left;font-size:.875rem;padding:0 0 .5rem}
.quiet caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
th,td{text-align:left;vertical-align:top;padding:.6rem 1rem .6rem 0;border-top:1px solid var(--rule);font-weight:400}
thead th{border-top:0;font-size:.8125rem;color:var(--soft);padding:.25rem 1rem .35rem 0;white-space:nowrap}
th:last-child,td:last-child{padding-right:0}
tr>.n{text-align:right;white-space:nowrap}
.w{width:32%}
.quiet{table-layout:fixed}.quiet thead th{width:27%}.quiet thead .v{width:14%}.quiet thead .p{width:17%}
.quiet thead .n{width:7%}.quiet thead .cf{width:9%}.quiet thead .st{width:17%}.quiet thead .c{width:9%}
td small,th small,.small{display:block;font-size:.8125rem;color:var(--soft);line-height:1.4}
.gone+.small{display:inline}
svg{display:block;overflow:visible}
.bar{width:100%;height:8px;background:var(--track);margin:.4rem 0 .3rem;border-radius:2px;overflow:hidden}
.course{width:100%;height:auto}
.spark{width:6rem;max-width:100%;height:1.5rem}
.fill,.dot{fill:var(--accent)}.mark{fill:var(--ink);
stroke:var(--paper);stroke-width:2;vector-effect:non-scaling-stroke;paint-order:stroke}
.step.rise{fill:var(--rise)}.step.fall{fill:var(--fall)}.step.same{fill:var(--accent)}
path{fill:none;stroke-linejoin:round;stroke-linecap:round}
.grid,.now{stroke:var(--rule);stroke-width:1}.now{stroke:var(--soft);stroke-dasharray:1 4}
.way{stroke:var(--soft);stroke-width:1.25;stroke-dasharray:4 4}
.line{stroke:var(--accent);stroke-width:2}
path.area{fill:var(--accent);opacity:.1}
figure{margin:0}.half{max-width:36rem;margin-bottom:1.5rem}
.scroll{overflow-x:auto}
.links{list-style:none;padding:0;margin:0;columns:14rem;column-gap:2rem}.links li{padding:.2rem 0}
figcaption{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 1rem;font-size:.8125rem;color:var(--soft)}
article{border:1px solid var(--rule);border-radius:.75rem;padding:1.5rem;margin:0 0 1.25rem;background:var(--raised)}
.top{display:grid;grid-template-columns:minmax(0,1fr) 18rem;gap:2rem;margin-bottom:1rem}
.top .meta{margin:.35rem 0 0}
.big{font-size:1.5rem;font-weight:650;line-height:1.2;letter-spacing:-.02em;margin:.75rem 0 0}
.big .chip{vertical-align:.2em}
.team>h3{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:baseline}
.filters{display:flex;flex-wrap:wrap;gap:.75rem 1rem;align-items:end;margin:0 0 .5rem}
.filters[hidden],[hidden]{display:none!important}
.filters>div{min-width:0;max-width:100%}
.filters select{max-width:min(100%,16rem);text-overflow:ellipsis}
.filters label{display:block;font-size:.8125rem;color:var(--soft)}
select,input,button{font:inherit;font-size:.9375rem;color:var(--ink);background:var(--paper);border:1px solid #7c8590;
border-radius:.375rem;padding:.35rem .6rem;min-height:2.5rem;max-width:100%}
button{cursor:pointer}
.filters output{flex-basis:100%;font-size:.875rem;color:var(--soft)}
.plain{list-style:none;padding:0;margin:0}
.plain>li{padding:.7rem 0;border-top:1px solid var(--rule);display:grid;grid-template-columns:8.5rem minmax(0,1fr);
gap:0 1rem}
.plain>li:first-child{border-top:0}
.moves{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:0 3rem;border-bottom:1px solid var(--rule)}
.moves>li:nth-child(2){border-top:0}
.a{white-space:nowrap}
.two{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:0 3rem}
.tree,.tree ul{list-style:none;padding:0;margin:0}
.tree ul{padding-left:1.25rem;margin-left:.3rem;border-left:1px solid var(--rule)}
.tree li{padding:.3rem 0}
details{margin:1rem 0}
summary{cursor:pointer;color:var(--accent)}
.level-1 th{padding-left:1.25rem}.level-2 th{padding-left:2.5rem}.level-3 th{padding-left:3.75rem}
code{font:.875em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
@media screen and (max-width:52rem){
header,main,footer{padding-left:1rem;padding-right:1rem}
header{padding-top:1.75rem}
h2{margin-top:2.75rem}
.lead,.top,.two,.moves{grid-template-columns:minmax(0,1fr)}.lead,.top{gap:1.25rem}.two,.moves{gap:0}
article{padding:1rem}
.moves>li:nth-child(2){border-top:1px solid var(--rule)}
.plain>li{grid-template-columns:minmax(0,1fr);gap:.25rem}
.filters>div{flex:1 1 9rem}.filters select,.filters input{width:100%;max-width:100%}
.stack thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.stack,.stack tbody,.stack caption{display:block}
.stack tr{display:flex;flex-wrap:wrap;gap:.15rem 1rem;padding:.75rem 0;border-top:1px solid var(--rule)}
.stack th,.stack td{display:block;border:0;padding:0;width:auto;min-width:0}
.stack th{flex:1 1 100%}
.stack tr>.n{text-align:left;white-space:normal}
.stack .p,.stack .w{flex:1 1 100%}
.stack .sc::before{content:"Score "}.stack .cf:not(:empty)::before{content:"Confidence "}
.a::before{content:"Age "}.ch::before{content:"Change "}
.si::before{content:"In the period "}.tk::before{content:"Taken up by "}
.was::before{content:"Was "}.is::before{content:"is "}.pt::before{content:"Part "}.be::before{content:"Before "}
.af::before{content:"After "}.no::before{content:"Noise "}.stack td::before{color:var(--soft);font-size:.8125rem}
.stack td:empty{display:none}.pt small,.tk small{display:inline}
.level-1,.level-2,.level-3{padding-left:1rem!important}.level-2{padding-left:2rem!important}
.level-1 th,.level-2 th,.level-3 th{padding-left:0}
}
@media print{
@page{margin:16mm 14mm}
html{font-size:9pt}
header,main,footer{max-width:none;padding:0}
nav,.filters,.skip{display:none!important}
h2{break-after:avoid}h3,h4{break-after:avoid}
article,tr,li,figure{break-inside:avoid}
article{background:none;padding:4mm}
a{color:inherit;text-decoration:none}
.chip,.bar,svg{print-color-adjust:exact;-webkit-print-color-adjust:exact}
details::details-content{content-visibility:visible!important;display:block!important;block-size:auto!important}
}
@media (forced-colors:active){.fill,.dot,.step{fill:Highlight}.bar{outline:1px solid}
.mark{fill:CanvasText}.line{stroke:Highlight}.chip{border:1px solid}}
"""
