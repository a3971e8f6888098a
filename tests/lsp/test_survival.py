"""Whatever an editor sends and whatever is on the disk, the server goes on, and says what is wrong in plain words."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("pytest_lsp")

from lsprotocol import types

from tests.lsp.clients import FILES, GOALS, KPI, WEB, Diagnostics, Editor, codes, talk
from tests.repositories import clean_environment
from tests.running import run, write

WRONG = GOALS.replace("owner: ana", "owner: ann")


def test_folders_with_spaces_and_umlauts(tmp_path: Path) -> None:
    root = tmp_path / "Ziele für 2026 #1 100% +"
    write(root, FILES)

    async def work(editor: Editor) -> None:
        assert "OKR104" in codes(await editor.open(WEB, WRONG))
        await editor.until(lambda: editor.uri(WEB) in editor.published)

    talk(root, work)


def test_an_address_is_answered_as_the_editor_writes_it(root: Path) -> None:
    """Editors escape more or less than others."""
    uri = (root / WEB).as_uri().replace("web.yaml", "%77eb%2Eyaml")

    async def work(editor: Editor) -> None:
        editor.begin(uri, WRONG)
        assert "OKR104" in codes(await editor.findings(uri))
        assert editor.uri(WEB) not in editor.published

    talk(root, work)


def test_a_file_outside_every_workspace_is_left_alone(tmp_path: Path) -> None:
    async def work(editor: Editor) -> None:
        editor.begin("untitled:Untitled-1", WRONG)
        editor.begin("git:/okrs/web.yaml?ref=HEAD", WRONG)
        editor.begin("file:///%00/okrs/web.yaml", WRONG)
        editor.begin("file:", WRONG)
        editor.begin((tmp_path / "compose.yaml").as_uri(), "services: {a: [")
        editor.begin((tmp_path / "gone" / "okrs" / "web.yaml").as_uri(), WRONG)
        for uri in editor.texts:
            document = types.TextDocumentIdentifier(uri)
            assert (
                await editor.client.text_document_hover_async(types.HoverParams(document, types.Position(0, 0))) is None
            )

    talk(tmp_path, work)


def test_what_is_not_open_can_neither_change_nor_close(root: Path) -> None:
    async def work(editor: Editor) -> None:
        editor.type(editor.uri(KPI), "kpis: []\n")
        editor.close(KPI)
        editor.begin(editor.uri(KPI), "kpis: [\n")
        editor.close(KPI)
        editor.client.text_document_did_close(types.DidCloseTextDocumentParams(editor.document(KPI)))
        assert "OKR104" in codes(await editor.open(WEB, WRONG))

    talk(root, work)


def test_other_files_that_cannot_be_read(root: Path) -> None:
    write(root, {"okrs/latin.yaml": "title: Größe\n".encode("latin-1"), "okrs/bom.yaml": b"\xff\xfe\x00o\x00k"})
    write(root, {"okrs/big.yaml": b"#" * 10_000_001})
    (root / "okrs/folder.yaml").mkdir()
    (root / "okrs/nowhere.yaml").symlink_to(root / "none.yaml")

    async def work(editor: Editor) -> None:
        assert "OKR104" in codes(await editor.open(WEB, WRONG))
        names = ["latin", "bom", "big", "folder", "nowhere"]
        await editor.until(lambda: all(codes(editor.shown(f"okrs/{name}.yaml")) == {"OKR009"} for name in names))
        assert editor.shown("okrs/latin.yaml")[0].range.start == types.Position(0, 9)

    talk(root, work)


def test_a_huge_text(root: Path) -> None:
    async def work(editor: Editor) -> None:
        assert codes(await editor.open(WEB, "# " + "ä" * 10_000_001)) == {"OKR009"}
        assert "OKR104" in codes(await editor.change(WEB, WRONG))

    talk(root, work)


@pytest.mark.parametrize(
    "text", ["\ud800", "a: \x00", "\x1b[31m", "a: &x [*x]", "!!python/object/apply:os.system ['touch pwned']", "%" * 9]
)
def test_texts_that_are_no_yaml(root: Path, text: str) -> None:
    async def work(editor: Editor) -> Diagnostics:
        return await editor.open(WEB, text)

    found = talk(root, work)
    assert found and all("Traceback" not in each.message for each in found)
    assert not (root / "pwned").exists()


def test_a_folder_that_goes_away(root: Path) -> None:
    async def work(editor: Editor) -> None:
        await editor.open(WEB, WRONG)
        (root).rename(root.with_name("moved"))
        editor.type(editor.uri(WEB), GOALS)
        editor.close(WEB)
        await editor.until(lambda: editor.shown(WEB) == [])

    talk(root, work)


def test_a_link_to_a_file_is_no_second_one(root: Path) -> None:
    (root / "okrs/link.yaml").symlink_to(root / WEB)

    async def work(editor: Editor) -> None:
        await editor.open(WEB, GOALS)
        editor.begin(editor.uri("okrs/link.yaml"), GOALS)
        assert "OKR101" not in codes(await editor.change(WEB, GOALS + "\n"))

    talk(root, work)


def test_requests_of_the_wrong_kind(root: Path) -> None:
    """What is no request of the protocol is an answer or is passed over; a later one is answered."""
    messages = [
        b"{", b"[]", b"7", b"\xff", b"{}", b'{"jsonrpc": "2.0"}', b'{"jsonrpc": "1.0", "method": "x"}',
        b'{"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {}}',
        b'{"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": {"uri": 7}}}',
        b'{"jsonrpc": "2.0", "method": "nope/nope", "params": [1]}',
        b'{"jsonrpc": "2.0", "id": 5, "method": "nope/nope", "params": null}',
        b'{"jsonrpc": "2.0", "id": 6, "method": "textDocument/hover", "params": {"position": -1}}',
        b'{"jsonrpc": "2.0", "id": 7, "method": "workspace/executeCommand", "params": {"command": "rm"}}',
    ]  # fmt: skip
    before = (
        b'{"jsonrpc": "2.0", "id": 1, "method": "textDocument/hover", "params": {"textDocument": {"uri": "file:///x"},'
        b' "position": {"line": 0, "character": 0}}}'
    )
    first = (
        b'{"jsonrpc": "2.0", "id": 2, "method": "initialize", "params": {"capabilities": {}, "processId": null,'
        b' "rootUri": null}}'
    )
    last = [b'{"jsonrpc": "2.0", "id": 8, "method": "shutdown"}', b'{"jsonrpc": "2.0", "method": "exit"}']
    given = b"".join(map(framed, [before, first, *messages, *last]))
    ended = subprocess.run(
        [sys.executable, "-m", "okrctl", "lsp"], input=given, capture_output=True, timeout=120, env=environment()
    )
    assert ended.returncode == 0, ended.stderr
    answered = ended.stdout.decode()
    assert all(f'"id": {number}' in answered for number in (1, 2, 5, 7, 8)), answered
    assert "Traceback" not in answered and "has no attribute" not in answered and "a bug in okrctl" not in answered
    assert '"id": 1' in answered and "initialize comes first" in answered
    assert answered.count("ignored a message that is not valid in the Language Server Protocol") >= 5


def framed(body: bytes) -> bytes:
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


def environment() -> dict[str, str]:
    return clean_environment() | {"PYTHONPATH": str(Path(__file__).parents[2])}


@pytest.mark.parametrize(
    "given",
    [b"", b"GET / HTTP/1.1\r\n\r\n", b"Content-Length: 99\r\n\r\n{", b"Content-Length: 0\r\n\r\n", b"\x00" * 99],
)
def test_an_editor_that_leaves_without_a_word(given: bytes) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "okrctl", "lsp"], input=given, capture_output=True, timeout=120, env=environment()
    )
    assert ended.returncode == 1 and ended.stdout.count(b"Traceback") == 0 and b"fault" not in ended.stderr


def test_nothing_is_written(root: Path) -> None:
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}

    async def work(editor: Editor) -> None:
        await editor.open(WEB, WRONG)
        await editor.open(KPI, "kpis: [")

    talk(root, work)
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


def test_on_a_terminal_it_says_how_it_is_used(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    result = run("lsp", cwd=root)
    assert result.status == 2 and "okrctl explain editors" in result.err


def test_without_the_extra_it_names_it(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pygls", None)
    result = run("lsp", cwd=root)
    assert result.status == 2
    assert result.err == "error: okrctl lsp needs pygls\nhint: pip install 'okrctl[lsp]'\n"
