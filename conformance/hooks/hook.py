"""The loop of an operator hook (docs/hooks.md): one question a line, one answer a line."""

import asyncio
import inspect
import json
import os
import subprocess
import sys


class Refused(Exception):
    """The subject's operator side said no."""


class Cannot(Exception):
    """This subject has no means for it."""


class Hook:
    """Answers `{"do": "opt_event", ...}` by its method `do_opt_event`, given the question."""

    # Questions that this subject has no means for, and why.
    never = {}

    def close(self):
        """Ends what the hook has started."""

    def answer(self, question):
        """What the question comes to."""
        if not isinstance(question, dict):
            return {"failed": "a question is an object"}
        name = question.get("do")
        method = getattr(self, f"do_{name}", None)
        if method is None:
            return {"cannot": self.never.get(name, f"no question {name!r} is known here")}
        # A field that is null is absent.
        asked = {key: value for key, value in question.items() if value is not None}
        try:
            return {"ok": method(asked) or {}}
        except Exception as error:
            return trouble(error)

    async def finished(self, answer):
        """The answer of a method that is a coroutine."""
        try:
            return {"ok": await answer or {}}
        except Exception as error:
            return trouble(error)

    def serve(self):
        """Answers until stdin ends."""
        try:
            for line in sys.stdin:
                try:
                    answer = self.answer(json.loads(line))
                except ValueError as error:
                    answer = {"failed": f"not a question: {error}"}
                print(json.dumps(answer), flush=True)
        finally:
            self.close()


def trouble(error):
    """What an exception comes to; the kit is to learn of it, whatever it is."""
    match error:
        case Refused():
            return {"refused": str(error)}
        case Cannot():
            return {"cannot": str(error)}
        case KeyError():
            return {"failed": f"the question has no field {error}"}
    return {"failed": f"{type(error).__name__}: {error}"}


async def serve_with(hook):
    """Answers until stdin ends, on a loop that the subject shares: its methods may be coroutines.

    What the subject prints goes to stderr: stdout is for answers.
    """
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    loop = asyncio.get_running_loop()
    await hook.begin()
    try:
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            answer = hook.answer(json.loads(line))
            if inspect.isawaitable(answer.get("ok")):
                answer = await hook.finished(answer["ok"])
            print(json.dumps(answer), file=answers, flush=True)
    finally:
        await hook.finish()


class Program:
    """A program that says one line of JSON for each line it is told. Its log goes to our stderr."""

    def __init__(self, words):
        self.process = subprocess.Popen(
            [str(word) for word in words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def line(self):
        """The next line it says."""
        line = self.process.stdout.readline()
        if not line:
            code = self.process.wait()
            raise RuntimeError(f"{self.process.args[0]} has ended, exit code {code}")
        return json.loads(line)

    def ask(self, line):
        """Tells it a line and gives the one it says then."""
        try:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # It has ended; the next read tells.
        return self.line()

    def close(self):
        """Ends its stdin, by which it ends; kills it if it does not."""
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()


def run(*words):
    """Runs a program to its end and gives what it says."""
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{words[0]}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout
