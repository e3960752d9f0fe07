"""What both directions need: checks that are counted, programs that end with us, patience.

Only the standard library. Time limits are wall-clock seconds; every wait has one.
"""
import json
import os
import signal
import subprocess
import threading
import time
import traceback

# No program lives longer, seconds.
LONGEST = 90


class Checks:
    """Counts what holds and what does not, and says each as it is found."""

    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def that(self, holds, what, seen=None):
        """One check; `seen` is shown if it fails."""
        if holds:
            self.passed += 1
            print(f"  ok      {what}", flush=True)
        else:
            self.failed += 1
            print(f"  FAILED  {what}\n          saw: {brief(seen)}", flush=True)
        return bool(holds)

    def skip(self, what, why):
        """What cannot be done with this peer, and why."""
        self.skipped += 1
        print(f"  skipped {what}: {why}", flush=True)


class Stopped(Exception):
    """A direction cannot go on."""


class Deadline:
    """The time a direction may take."""

    def __init__(self, seconds):
        self.end = time.monotonic() + seconds

    def until(self, what, look):
        """Looks four times a second until something is there, and gives it back.

        Raises `Stopped` at the deadline, and what it saw last.
        """
        seen = None
        while time.monotonic() < self.end:
            seen = look()
            if seen:
                return seen
            time.sleep(0.25)
        raise Stopped(f"waited in vain for {what}")

    def left(self):
        """Seconds, at least one, so that a tool can still say why it fails."""
        return max(1.0, self.end - time.monotonic())


class Program:
    """A program in its own process group whose lines of JSON are gathered; ends with us."""

    def __init__(self, name, command, folder):
        self.name, self.said = name, []
        self.log_path = os.path.join(folder, f"{name}.log")
        with open(self.log_path, "wb") as log:
            # Bounded even if we are killed ourselves: SIGTERM is passed on by timeout.
            self.process = subprocess.Popen(
                ["timeout", "--kill-after=5", str(LONGEST), *command],
                stdout=subprocess.PIPE, stderr=log, stdin=subprocess.PIPE,
                start_new_session=True, env={**os.environ, "NO_COLOR": "1"})
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            try:
                self.said.append(json.loads(line))
            except ValueError:
                pass  # a banner for people

    def go_on(self):
        """A line on its stdin."""
        self.process.stdin.write(b"\n")
        self.process.stdin.flush()

    def saw(self, kind):
        """What the peer told of one kind."""
        return [one for one in list(self.said) if one.get("saw") == kind]

    def check_alive(self):
        """Raises `Stopped` if the program ended by itself."""
        if self.process.poll() is not None:
            raise Stopped(f"{self.name} ended by itself with code {self.process.returncode}")

    def stop(self):
        """SIGTERM, five seconds, SIGKILL; gives the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            print(f"  note    {self.name} did not end by SIGTERM in 5 s", flush=True)
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.reader.join(2)
        return self.process.returncode

    def log(self):
        """What it wrote on stderr."""
        with open(self.log_path, encoding="utf-8", errors="replace") as log:
            return log.read()


def call(command, seconds):
    """Runs a command to its end and gives its stdout; `Stopped` if it fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds,
                              stdin=subprocess.DEVNULL, check=False)
    except subprocess.TimeoutExpired:
        raise Stopped(f"{brief(command)} took more than {seconds:.0f} s") from None
    if done.returncode != 0:
        raise Stopped(f"{brief(command)} failed: {done.stderr.strip()}")
    return done.stdout


def edit(path, changes):
    """Replaces lines in a settings file; each must be there once."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    for old, new in changes:
        if text.count(old) != 1:
            raise Stopped(f"{path}: {old!r} is there {text.count(old)} times, not once")
        text = text.replace(old, new)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def brief(seen):
    """Short enough for a log line."""
    text = " ".join(seen) if isinstance(seen, (list, tuple)) and all(
        isinstance(one, str) for one in seen) else json.dumps(seen, default=str)
    return text if len(text) <= 1500 else text[:1500] + " …"


def run(direction, checks, programs, tail=40):
    """Plays a direction and ends its programs; on failure shows the end of their logs."""
    before = checks.failed
    try:
        direction()
    except Stopped as why:
        checks.that(False, "goes through to the end", str(why))
    except Exception:  # a fault of the checks: counted, so that the other direction is played
        checks.that(False, "the checks themselves are sound", traceback.format_exc())
    finally:
        for program in reversed(programs):
            program.stop()
    if checks.failed > before:
        for program in programs:
            lines = [line[:300] for line in program.log().splitlines()[-tail:]]
            print(f"  --- {program.name}: the end of its log", *lines, sep="\n      ", flush=True)
