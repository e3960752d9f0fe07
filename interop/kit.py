"""The conformance kit on OpenLEADR, a handful of scenarios for each role.

So that the kit's hooks for OpenLEADR, and its way with a subject whose clock is its own, stay
sound; `conformance/openleadr` plays all of it. A scenario that OpenLEADR fails is among them, so
that it is seen that the kit looks.
"""
import os
import sys

from harness import Deadline, Program, Stopped, call

HOOKS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "conformance", "hooks")
WAIT = 50


class Kit:
    """One run: `play` it with a list of checks."""

    role, expected = None, {}

    def __init__(self, bins, folder, checks):
        self.bins, self.folder, self.checks = bins, folder, checks
        self.programs, self.deadline = [], Deadline(WAIT)

    def play(self):
        """All scenarios in one run; one check for each."""
        ca = os.path.join(self.folder, "ca")
        certs, left = self.bins["certs"], self.deadline.left
        call([certs, "init", "--dir", ca], left())
        call([certs, "issue", self.role, "--dir", ca, "--name", self.role, "--host", "localhost",
              "--out", self.folder], left())
        hook = os.path.join(HOOKS, f"openleadr_{self.role}.py")
        kit = Program("conformance", [
            self.bins["conformance"], self.role, *self.listen(), "--certs", ca, "--json",
            "--operator-hook", f"{sys.executable} -B {hook} --certs {ca} --dir {self.folder}",
            "--only", ",".join(self.expected)], self.folder)
        self.programs.append(kit)
        self.deadline.until("the end of the kit's run", lambda: kit.process.poll() is not None)
        if kit.stop() not in (0, 1):
            raise Stopped("the kit's run could not begin")
        said = {one["name"]: one for one in kit.said if "verdict" in one}
        for name, wanted in self.expected.items():
            one = said.get(name, {})
            self.checks.that(one.get("verdict") == wanted, f"{name}: {wanted}", one)

    def listen(self):
        """Where the kit listens, if it plays the VTN."""
        return ["--listen", "127.0.0.1:0"] if self.role == "ven" else []


class OnVtn(Kit):
    """OpenLEADR's VTN under test."""

    role = "vtn"
    expected = {
        "base-tolerant-receiver": "passed", "reg-metadata-first": "failed",
        "event-list-complete": "passed", "event-targets": "passed",
        "poll-one-each": "passed", "poll-not-in-push": "passed"}


class OnVen(Kit):
    """OpenLEADR's VEN under test."""

    role = "ven"
    expected = {
        "reg-boot": "passed", "reg-after-new": "passed", "reg-reregister-on-request": "passed",
        "event-always": "passed", "event-cancel-unknown": "passed", "event-signal-unsupported": "failed",
        "opt-send-event": "passed", "report-metadata-form": "passed"}
