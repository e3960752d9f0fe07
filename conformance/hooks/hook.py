"""The loop of an operator hook (docs/hooks.md): one question a line, one answer a line."""

import json
import subprocess
import sys


class Refused(Exception):
    """The subject's operator side said no."""


class Cannot(Exception):
    """This subject has no means for it."""


class Hook:
    """Answers `{"do": "opt_event", ...}` by its method `do_opt_event`, given the question."""

    def close(self):
        """Ends what the hook has started."""

    def answer(self, question):
        """What the question comes to."""
        if not isinstance(question, dict):
            return {"failed": "a question is an object"}
        name = question.get("do")
        method = getattr(self, f"do_{name}", None)
        if method is None:
            return {"cannot": f"no question {name!r} is known here"}
        # A field that is null is absent.
        asked = {key: value for key, value in question.items() if value is not None}
        try:
            return {"ok": method(asked) or {}}
        except Refused as no:
            return {"refused": str(no)}
        except Cannot as no:
            return {"cannot": str(no)}
        except KeyError as missing:
            return {"failed": f"the question has no field {missing}"}
        except Exception as error:  # The kit is to learn of it, whatever it is.
            return {"failed": f"{type(error).__name__}: {error}"}

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
