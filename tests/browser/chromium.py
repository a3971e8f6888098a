"""Drives a headless Chromium over a pipe, in its own protocol, with nothing but the standard library."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--remote-debugging-pipe",
    "--disable-extensions", "--mute-audio", "--hide-scrollbars",
)  # fmt: skip
PATIENCE = 60.0
NOISY = ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded")


class Browser:
    """One Chromium; messages are JSON, each ended by a zero byte."""

    def __init__(self, to: int, back: int) -> None:
        self.to, self.back = to, back
        self.number = 0
        self.buffer = b""
        self.events: list[dict[str, Any]] = []

    def call(self, method: str, session: str | None = None, **parameters: Any) -> dict[str, Any]:
        """The answer to a command; what happens meanwhile is kept in `events`."""
        self.number += 1
        message: dict[str, Any] = {"id": self.number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        while True:
            found = self.read()
            if found.get("id") == self.number:
                assert "error" not in found, (method, found["error"])
                result: dict[str, Any] = found["result"]
                return result
            self.events.append(found)

    def read(self) -> dict[str, Any]:
        """The next message."""
        while b"\0" not in self.buffer:
            ready, _, _ = select.select([self.back], [], [], PATIENCE)
            assert ready, "Chromium does not answer"
            data = os.read(self.back, 1 << 20)
            assert data, "Chromium has ended"
            self.buffer += data
        message, _, self.buffer = self.buffer.partition(b"\0")
        found: dict[str, Any] = json.loads(message)
        return found


@contextmanager
def started() -> Iterator[Browser]:
    """A Chromium with a profile of its own, which ends with the block."""
    assert CHROMIUM
    out_read, out_write = os.pipe()
    in_read, in_write = os.pipe()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [CHROMIUM, *FLAGS, f"--user-data-dir={profile}", "about:blank"]
        # Chromium reads commands from its third descriptor and answers on its fourth.
        shell = f'exec 3<&{out_read} 4>&{in_write}; exec "$@"'
        process = subprocess.Popen(
            ["bash", "-c", shell, "bash", *command], pass_fds=(out_read, in_write),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(out_read)
        os.close(in_write)
        try:
            yield Browser(out_write, in_read)
        finally:
            os.close(out_write)
            process.terminate()
            process.wait(PATIENCE)
            os.close(in_read)


class Page:
    """One tab that shows a file."""

    def __init__(self, browser: Browser, *, width: int = 1280, dark: bool = False, scripts: bool = True) -> None:
        self.browser = browser
        target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.target = target
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 600
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])
        if not scripts:
            self.call("Emulation.setScriptExecutionDisabled", value=True)

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """The answer to a command for this tab."""
        return self.browser.call(method, self.session, **parameters)

    def show(self, path: Path) -> None:
        """Open a file and wait until it is there."""
        self.call("Page.navigate", url=path.as_uri())
        self.wait()

    def wait(self) -> None:
        """Wait until what was navigated to is there."""
        while not any(self.of(event, "Page.loadEventFired") for event in self.browser.events):
            self.browser.events.append(self.browser.read())

    def of(self, event: dict[str, Any], method: str) -> bool:
        """Whether an event of this kind is of this tab."""
        return event.get("sessionId") == self.session and event.get("method") == method

    def run(self, script: str) -> Any:
        """The value of an expression, promises waited for; it runs beside the page, even where scripts are off."""
        found = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def press(self, key: str, code: int, text: str = "") -> None:
        """Press and release a key."""
        common = {"key": key, "windowsVirtualKeyCode": code}
        self.call("Input.dispatchKeyEvent", type="keyDown", text=text, **common)
        self.call("Input.dispatchKeyEvent", type="keyUp", **common)

    def type(self, text: str) -> None:
        """Type text at the cursor."""
        for letter in text:
            self.press(letter, ord(letter.upper()), letter)

    def requests(self) -> list[str]:
        """The addresses of all requests."""
        sent = [one for one in self.browser.events if self.of(one, "Network.requestWillBeSent")]
        return [one["params"]["request"]["url"] for one in sent]

    def messages(self) -> list[str]:
        """The messages on the console."""
        return [json.dumps(one["params"]) for one in self.browser.events for kind in NOISY if self.of(one, kind)]

    def picture(self, path: Path) -> None:
        """Save a screenshot of the whole page."""
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 12000), "scale": 1}
        found = self.call("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
        path.write_bytes(base64.b64decode(found["data"]))

    def close(self) -> None:
        """Close the tab."""
        self.browser.call("Target.closeTarget", targetId=self.target)
