"""Plays both directions, each also with OpenLEADR as it comes, then the kit on both, and counts.

Started by `run`, with the Python of its environment.
"""
import argparse
import os
import signal
import sys
import tempfile

import kit
import our_ven
import our_vtn
import our_vtn_push
from harness import Checks, run


def main():
    """Gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", required=True, help="where our programs lie")
    parser.add_argument("--keep", help="a directory for settings, logs and messages; kept")
    args = parser.parse_args()
    # So that what was started is ended when we are.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    bins = {name: os.path.join(os.path.abspath(args.bin), name)
            for name in ("vtn", "ven", "certs", "conformance")}
    checks = Checks()
    with tempfile.TemporaryDirectory(prefix="interop-") as temporary:
        for number, (title, direction) in enumerate(DIRECTIONS, 1):
            print(f"{number}. {title}", flush=True)
            folder = os.path.join(args.keep or temporary, str(number))
            os.makedirs(folder)
            played = direction(bins, folder, checks)
            run(played.play, checks, played.programs)
    print(f"{checks.passed} passed, {checks.failed} failed, {checks.skipped} skipped", flush=True)
    return 1 if checks.failed else 0


DIRECTIONS = [
    ("OpenLEADR 0.5.36 as VEN, our VTN", our_vtn.OurVtn),
    ("the same, with OpenLEADR's own form of metadata", our_vtn.AsItComes),
    ("the same, with the leniency metadata_form", our_vtn.Lenient),
    ("our VTN calls a PUSH VEN with OpenLEADR's messages", our_vtn_push.Push),
    ("OpenLEADR 0.5.36 as VTN, our VEN with the leniency request_without_interval",
     our_ven.OurVen),
    ("the same, without it", our_ven.AsItComes),
    ("the conformance kit on OpenLEADR as VTN", kit.OnVtn),
    ("the conformance kit on OpenLEADR as VEN", kit.OnVen),
]

if __name__ == "__main__":
    sys.exit(main())
