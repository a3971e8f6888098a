"""HTML in Markdown: its headings, items, lines and tables, whose cells may span others."""

from __future__ import annotations

from okrctl.importers.html_blocks import MAX_SPAN, MAX_SPANNED, parse_blocks


def test_headings_items_and_lines() -> None:
    content = "<h2>Goals</h2>\n<ul>\n<li>One <a href='https://example.org'>two</a></li>\n<li>Three</li></ul>\n<p>Four"
    found = [(block.kind, block.line, block.text, block.depth, block.links) for block in parse_blocks(content, 10)]
    assert found == [
        ("heading", 10, "Goals", 2, ()), ("item", 12, "One two", 0, ("https://example.org",)),
        ("item", 13, "Three", 0, ()), ("text", 14, "Four", -1, ()),
    ]  # fmt: skip


def test_a_summary_is_bold_and_scripts_are_not_read() -> None:
    blocks = parse_blocks("<details><summary>Objective 1</summary><script>x = 1</script></details>", 1)
    assert [(block.text, block.is_bold) for block in blocks] == [("Objective 1", True)]


def test_a_cell_that_spans_rows_stands_in_each_and_one_that_spans_columns_leaves_blanks() -> None:
    rows = "<tr><th>A</th><th>B</th><th>C</th></tr><tr><td rowspan=2>x</td><td>1</td><td>2</td></tr>"
    rows += "<tr><td colspan='2'>3</td></tr><tr><td>y&amp;<br>z</td><td>4</td></tr>"
    (table,) = parse_blocks(f"<table>{rows}</table>", 1)
    assert [cell.text for cell in table.header] == ["A", "B", "C"]
    assert [[cell.text for cell in row] for row in table.rows] == [["x", "1", "2"], ["x", "3", ""], ["y&\nz", "4"]]


def test_a_table_under_another_name_is_one() -> None:
    (table,) = parse_blocks("<BareTable><tr><th>A</th></tr><tr><td>1</td></tr></BareTable></table>", 1)
    assert [[cell.text for cell in row] for row in table.rows] == [["1"]]


def test_a_few_letters_do_not_become_millions_of_cells() -> None:
    rows = "<tr><td colspan=999999 rowspan=999999>x</td></tr>" * 1000
    (table,) = parse_blocks(f"<table>{rows}</table>", 1)
    assert sum(map(len, table.rows)) <= 1000 + MAX_SPANNED + MAX_SPAN
