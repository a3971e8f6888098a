"""Runs the command line and decides the exit status: 0 done, 1 found, 2 could not run, 3 a fault of okrctl."""

from __future__ import annotations

import gc
import os
import sys

from okrctl import __version__
from okrctl.cli.unencodable import NEAREST
from okrctl.values.errors import DiskError, OkrctlError

# A run is short and keeps what it reads. Frequent garbage collection, which walks all of it, takes longer than reading.
GC_THRESHOLDS = (1_000_000, 50, 100)

DONE, COULD_NOT_RUN, FAULT, INTERRUPTED, BROKEN_PIPE = 0, 2, 3, 130, 141


def main(arguments: list[str] | None = None) -> int:
    """Run one command line (default: that of the process) and return the exit status; never raises."""
    words = sys.argv[1:] if arguments is None else arguments
    if words[:1] == ["--version"]:  # before anything else is imported, because scripts ask for it often
        print(f"okrctl {__version__}")
        return DONE
    if arguments is None:
        gc.set_threshold(*GC_THRESHOLDS)
    _replace_unencodable()
    is_json = wants_json(words, os.environ.get("OKRCTL_FORMAT", ""))
    try:
        status = _run(words, is_json)
        _flush_output()
        return status
    except OkrctlError as error:
        return _report_error(error, is_json)
    except BrokenPipeError:
        return _end_on_broken_pipe()
    except KeyboardInterrupt:
        return _report_interrupt(is_json)
    except Exception as error:
        return _report_fault(error, is_json)


def _run(words: list[str], is_json: bool) -> int:
    if words[:1] == ["merge"]:
        from okrctl.cli.merge_driver import parse_call, run_driver

        if call := parse_call(words):
            return run_driver(call)
    from okrctl.cli.commands import READING

    answers = None
    if not words or any(word in READING for word in words):
        from okrctl.cli.answers import KeptAnswers, replay

        answers = KeptAnswers(words)
        answer = answers.find()
        if answer is not None:
            return replay(answer)
    from okrctl.cli.app import run

    return run(words, is_json=is_json, answers=answers)


def wants_json(words: list[str], default: str = "") -> bool:
    """Return whether a command line asks for JSON; `default` is the value of OKRCTL_FORMAT.

    This is known before the words are parsed, so that an error in them is JSON too. `--format` counts first, then the
    ending of the file of `-o`, then the default.
    """
    formats = _option_values(words, "--format")
    if formats:  # of `check`, several files may be written; elsewhere the last one counts
        return "json" in formats if "check" in words else formats[-1] == "json"
    outputs = [value for value in _option_values(words, "-o", "--output") if value != "-"]
    if outputs and "." in os.path.basename(outputs[-1]):
        return outputs[-1].lower().endswith(".json")
    return "json" in default.split(",")


def _option_values(words: list[str], *names: str) -> list[str]:
    """Return the values that an option is given in a command line, also as `--format=json` or `-oFILE`."""
    own = words[: words.index("--")] if "--" in words else words
    values = [own[place + 1] for place, word in enumerate(own[:-1]) if word in names]
    for name in names:
        prefix = f"{name}=" if name.startswith("--") else name
        values += [word[len(prefix) :] for word in own if word.startswith(prefix) and word != name]
    return values


def _replace_unencodable() -> None:
    """Print what standard output cannot encode as the nearest that it can, instead of raising an exception."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors=NEAREST)


def _flush_output() -> None:
    """Write what is buffered, while a failure can still be reported."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        _discard_output()
        raise DiskError(f"cannot write the output: {error.strerror}", "check that the disk has room left") from error


def _report_error(error: OkrctlError, is_json: bool) -> int:
    from okrctl.outputs.terminal import sanitize

    if is_json:
        from okrctl.outputs.views.error import render

        _print_document(render(error, "json"))
    _print_error(f"error: {sanitize(error.message)}")
    _print_error(f"hint: {sanitize(error.hint or 'see okrctl --help')}")
    return COULD_NOT_RUN


def _report_interrupt(is_json: bool) -> int:
    """End after Ctrl-C: for people without a word, for programs with a document."""
    if is_json:
        from okrctl.outputs.views.error import render_interrupt

        _print_document(render_interrupt())
    return INTERRUPTED


def _print_document(text: str) -> None:
    try:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    except (AttributeError, OSError, ValueError):  # a closed stream takes no document; the exit status remains
        _discard_output()


def _end_on_broken_pipe() -> int:
    """End without an error message, now or when Python closes the stream: a reader such as `head` has read enough."""
    _discard_output()
    return BROKEN_PIPE


def _discard_output() -> None:
    null = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(null, sys.stdout.fileno())
    except (AttributeError, OSError, ValueError):  # a stream without a file buffers nothing
        pass
    finally:
        os.close(null)


def _report_fault(error: Exception, is_json: bool) -> int:
    import traceback

    from okrctl.values.addresses import ISSUES

    _print_error(traceback.format_exc().rstrip())
    if is_json:
        from okrctl.outputs.views.error import render_fault

        _print_document(render_fault(error, f"report it with the traceback on standard error: {ISSUES}"))
    _print_error(f"okrctl {__version__} has a fault; please report it with the lines above: {ISSUES}")
    return FAULT


def _print_error(line: str) -> None:
    try:
        print(line, file=sys.stderr)
    except (OSError, ValueError):  # without standard error, the exit status remains
        pass
