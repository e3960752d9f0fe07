"""A PUSH VEN whose messages OpenLEADR reads and writes, over Python's own HTTPS.

OpenLEADR has no push model: its schema check, its reader and its writer stand here behind a small
server of the standard library, which demands a client certificate. Registers with its address, takes
what is posted, answers events in a request of its own. With `--late` it begins to listen only after a
line on stdin. Tells what it sees as lines of JSON on stdout; ends by SIGTERM.
"""
import argparse
import http.client
import http.server
import json
import ssl
import sys
import threading
from urllib.parse import urlsplit

from openleadr.messaging import create_message, parse_message, validate_xml_schema

OK = {"response_code": 200, "response_description": "OK"}


def tell(saw, **what):
    """One line of JSON for whoever started us."""
    print(json.dumps({"saw": saw, **what}, default=str), flush=True)


def read(body):
    """Name and content of a message that OpenLEADR's schema takes."""
    validate_xml_schema(body)
    return parse_message(body)


class Ven:
    """Says things to the VTN, and answers what it says."""

    def __init__(self, args):
        self.url, self.name, self.ven_id = urlsplit(args.url), args.name, None
        self.context = ssl.create_default_context(cafile=args.ca)
        self.context.load_cert_chain(args.cert, args.key)

    def ask(self, service, name, **content):
        """Posts a message and gives the name and content of the answer."""
        connection = http.client.HTTPSConnection(self.url.netloc, context=self.context, timeout=10)
        body = create_message(name, disable_signature=True, **content)
        connection.request("POST", f"{self.url.path}/{service}", body.encode(),
                           {"Content-Type": "application/xml"})
        answer = connection.getresponse()
        kind, said = read(answer.read())
        tell("reply", kind=kind, code=said.get("response", {}).get("response_code"))
        return said

    def register(self, address):
        """As a PUSH VEN at this address."""
        said = self.ask(
            "EiRegisterParty", "oadrCreatePartyRegistration", request_id="r1", ven_name=self.name,
            profile_name="2.0b", transport_name="simpleHttp", transport_address=address,
            report_only=False, xml_signature=False, http_pull_model=False)
        self.ven_id = said["ven_id"]
        tell("registered", ven_id=self.ven_id, registration_id=said["registration_id"])

    def answer(self, name, content):
        """The answer that goes back with the 200; `None`: nothing."""
        response = {**OK, "request_id": content.get("request_id")}
        match name:
            case "oadrRegisterReport":
                return create_message("oadrRegisteredReport", disable_signature=True,
                                      response=response, report_requests=[], ven_id=self.ven_id)
            case "oadrCancelPartyRegistration":
                return create_message("oadrCanceledPartyRegistration", disable_signature=True,
                                      response=response, ven_id=self.ven_id,
                                      registration_id=content["registration_id"])
            case "oadrDistributeEvent":
                threading.Thread(target=self.opt_in, args=(content,)).start()
        return None

    def opt_in(self, content):
        """Rule 51: in a request of its own, after the empty 200."""
        answers = [{"response_code": 200, "request_id": content["request_id"], "opt_type": "optIn",
                    "event_id": event["event_descriptor"]["event_id"],
                    "modification_number": event["event_descriptor"]["modification_number"]}
                   for event in content["events"]]
        self.ask("EiEvent", "oadrCreatedEvent", response=OK, event_responses=answers,
                 ven_id=self.ven_id)


class Door(http.server.BaseHTTPRequestHandler):
    """Takes what the VTN posts."""

    protocol_version = "HTTP/1.1"
    ven = None

    def do_POST(self):
        """One message."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        name, content = read(body)
        events = [{"id": one["event_descriptor"]["event_id"],
                   "status": one["event_descriptor"]["event_status"],
                   "modification": one["event_descriptor"]["modification_number"]}
                  for one in content.get("events", [])]
        subject = dict(part[0] for part in self.connection.getpeercert()["subject"])
        tell("pushed", kind=name, path=self.path, events=events, caller=subject["commonName"])
        answer = (self.ven.answer(name, content) or "").encode()
        self.send_response(200)
        if answer:
            self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format, *args):  # noqa: A002, the name is the library's
        """On stderr, which is kept."""
        sys.stderr.write(format % args + "\n")


def main(args):
    """Runs until SIGTERM."""
    Door.ven = Ven(args)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Door, bind_and_activate=False)
    server.server_bind()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=args.ca)
    context.load_cert_chain(args.cert, args.key)
    context.verify_mode = ssl.CERT_REQUIRED
    server.socket = context.wrap_socket(server.socket, server_side=True)
    Door.ven.register(f"https://127.0.0.1:{server.server_address[1]}/ven/")
    if args.late:
        sys.stdin.readline()
    server.server_activate()
    tell("listening")
    server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    for option in ("name", "url", "cert", "key", "ca"):
        parser.add_argument(f"--{option}", required=True)
    parser.add_argument("--late", action="store_true", help="listen after a line on stdin only")
    main(parser.parse_args())
