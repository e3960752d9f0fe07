"""Our VTN calls a PUSH VEN whose messages are OpenLEADR's: events, a cancellation, the end."""
from harness import Stopped, brief
from our_vtn import EVENT, OurVtn


class Push(OurVtn):
    """A VEN that registers before it listens: nothing is lost meanwhile."""

    peer, peer_options = "openleadr_push.py", ("--late",)

    def play(self):
        """The whole direction."""
        vens = self.start_vtn()
        peer = self.start_peer(vens)
        told = self.deadline.until("the registration", lambda: self.first(peer, "registered"))
        ven = self.vtn("ven", "list")["items"][0]
        ours = ven["registration"]
        self.checks.that((ours["id"], ours["pull"]) == (told["registration_id"], False),
                         "push: registered as a VEN that is called", ours)
        self.out_of_reach(ven["id"])
        self.vtn("event", "create", "--id", EVENT, "--ven", ven["id"], "--signal", "SIMPLE",
                 "--values", "1,2", "--interval", "PT10M", "--start", "+1h")
        peer.go_on()
        self.taken(peer, ven["id"])
        self.cancelled(peer, ven["id"])
        self.ended(peer, ven["id"])
        self.quiet(peer)

    def out_of_reach(self, ven):
        """The operator is told since when, and why."""
        trouble = self.deadline.until(
            "the first attempt", lambda: self.vtn("ven", "outbox", ven)["push_trouble"])
        self.checks.that("no connection" in trouble["why"] and trouble["failures"] >= 1,
                         "push: that it cannot be reached is told", trouble)

    def pushed(self, peer, kind):
        """What was posted of a kind."""
        return [one for one in peer.saw("pushed") if one["kind"] == kind]

    def taken(self, peer, ven):
        """Metadata first, then the event, which is answered in a request of its own."""
        self.deadline.until("the answer", lambda: self.answer(ven))
        first = peer.saw("pushed")[:2]
        seen = [(one["kind"], one["path"]) for one in first]
        base = "/ven/OpenADR2/Simple/2.0b"
        self.checks.that(seen == [("oadrRegisterReport", f"{base}/EiReport"),
                                  ("oadrDistributeEvent", f"{base}/EiEvent")],
                         "push: metadata, then the event, each to its service", first)
        self.checks.that(all("vtn" in one["caller"].lower() for one in first),
                         "push: the VTN shows its own certificate", first)
        answer = self.answer(ven)
        self.checks.that((answer["opt"], answer["modification"]) == ("In", 0),
                         "push: the VTN has optIn to modification 0", answer)
        state = self.vtn("ven", "outbox", ven)
        empty = not (state["waiting"] or state["unanswered"] or state["push_trouble"])
        self.checks.that(empty, "push: nothing waits any more, and no trouble is left", state)

    def cancelled(self, peer, ven):
        """A cancelled event is pushed and answered."""
        self.vtn("event", "cancel", EVENT)
        self.deadline.until("its answer", lambda: (self.answer(ven) or {}).get("modification") == 1)
        last = self.pushed(peer, "oadrDistributeEvent")[-1]["events"]
        self.checks.that(last == [{"id": EVENT, "status": "cancelled", "modification": 1}],
                         "push: the cancellation arrives, and is answered", last)

    def ended(self, peer, ven):
        """The operator ends the registration: told, answered, over."""
        self.vtn("ven", "remove", ven)
        self.deadline.until("the end", lambda: not self.vtn("ven", "show", ven)["registered"])
        told = self.pushed(peer, "oadrCancelPartyRegistration")
        self.checks.that(len(told) == 1, "push: the end of its registration arrives once", told)

    def quiet(self, peer):
        """Nothing was refused by either side."""
        refused = [one for one in peer.saw("reply") if one["code"] not in (None, 200)]
        self.checks.that(not refused, "push: every reply of the VTN's was 200", refused)
        log = peer.log()
        if "Traceback" in log:
            raise Stopped(f"the VEN failed: {brief(log[-1000:])}")
