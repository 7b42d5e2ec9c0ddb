"""python3 socketio_client.py URL polling|websocket|upgrade

Uses python-socketio as an application would, and checks what it sees.
"""

import queue
import sys

import engineio.payload
import socketio

# The client's default, 16, is fewer than a server may put into one response.
engineio.payload.Payload.max_decode_packets = 500

URL, MODE = sys.argv[1:]
TRANSPORTS = {"polling": ["polling"], "websocket": ["websocket"], "upgrade": None}[MODE]
FINAL = "polling" if MODE == "polling" else "websocket"
PATIENCE = 10


class Client:
    """A client that keeps the events that it gets."""

    def __init__(self, namespaces=("/",), auth=None, wait_timeout=PATIENCE, **options):
        self.io = socketio.Client(**options)
        self.events = queue.Queue()
        self.namespaces = list(namespaces)
        for namespace in self.namespaces:
            self.listen(namespace)
        self.io.connect(
            URL, transports=TRANSPORTS, namespaces=self.namespaces, auth=auth, wait_timeout=wait_timeout
        )

    def listen(self, namespace):
        self.io.on("*", lambda event, *args: self.events.put((event, *args)), namespace=namespace)
        for event in ("connect", "disconnect"):
            self.io.on(event, lambda *_, event=event: self.events.put((event,)), namespace=namespace)
        self.io.on("connect_error", lambda data=None: self.events.put(("connect_error", data)), namespace=namespace)

    def wait(self, event):
        """The arguments of the next such event."""
        while True:
            name, *args = self.events.get(timeout=PATIENCE)
            if name == event:
                return args

    def call(self, event, data=None, namespace="/"):
        return self.io.call(event, data, namespace=namespace, timeout=PATIENCE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.io.disconnect()


def connects_over_the_transport():
    with Client() as client:
        assert client.io.transport() == FINAL, client.io.transport()
        assert client.call("transport") == FINAL


def hands_over_auth():
    auth = {"token": "täg <&>", "n": [1, None]}
    with Client(auth=auth) as client:
        assert client.wait("auth") == [auth]


def keeps_values_and_their_order():
    values = (0, -1.5, "<b>&ü", True, None, {"a": [{}]}, [])
    with Client() as client:
        client.io.emit("say-back", values)
        assert client.wait("said") == list(values)
        for i in range(100):
            client.io.emit("say-back", i)
        assert [client.wait("said") for _ in range(100)] == [[i] for i in range(100)]


def acknowledges_both_ways():
    with Client() as client:
        client.io.on("question", lambda x: {"answer": x + 1})
        assert client.call("echo", (1, "2")) == (1, "2")
        assert client.call("ask-me", 41) == {"answer": 42}


def carries_binary_data():
    big = bytes(300_000)
    with Client() as client:
        assert client.call("echo", {"list": [b"one", {"deep": big}]}) == {"list": [b"one", {"deep": big}]}
        assert client.call("echo", b"") == b""


def sends_to_rooms_and_all():
    with Client() as ann, Client() as bob:
        assert ann.call("join", "tea") == "tea"
        bob.call("to", "tea")
        assert ann.wait("to") == ["tea"]
        bob.io.emit("broadcast", 1)
        assert ann.wait("broadcast") == [1]
        ann.io.emit("all", 2)
        assert ann.wait("all") == [2] and bob.wait("all") == [2]


def has_namespaces_on_one_connection():
    with Client(namespaces=["/", "/tenant-1", "/tenant-2"]) as client:
        assert client.call("where", namespace="/tenant-1") == "/tenant-1"
        assert client.call("where", namespace="/tenant-2") == "/tenant-2"
        assert client.call("echo", "root") == "root"


def tells_why_middleware_refuses():
    try:
        Client(namespaces=["/admin"], auth={"token": "guess"}, wait_timeout=1)  # it always waits that long
    except socketio.exceptions.ConnectionError:
        pass
    else:
        raise AssertionError("connected without the token")
    with Client(namespaces=["/admin"], auth={"token": "sesame"}) as client:
        assert client.wait("auth") == [{"token": "sesame"}]


def disconnects_from_either_side():
    with Client() as watcher:

        def reason(sid):
            while True:
                left, why = watcher.wait("left")
                if left == sid:
                    return why

        leaver = Client()
        sid = leaver.io.get_sid()
        leaver.io.disconnect()
        # The client does not wait for its last POST before it drops the poll, which may so be noticed first.
        why = reason(sid)
        assert why in ("client namespace disconnect", "transport close", "transport error"), why
        kicked = Client(reconnection=False)
        sid = kicked.io.get_sid()
        kicked.io.emit("kick-me")
        kicked.wait("farewell")
        kicked.wait("disconnect")
        assert reason(sid) == "server namespace disconnect"


def connects_again_by_itself():
    if MODE == "polling":
        return  # this client takes the close packet of a server for good
    with Client(reconnection_delay=0.02, randomization_factor=0) as client:
        client.wait("connect")
        client.io.emit("drop-me")
        client.wait("disconnect")
        client.wait("connect")
        assert client.call("echo", "back") == "back"


failed = False
for case in (
    connects_over_the_transport,
    hands_over_auth,
    keeps_values_and_their_order,
    acknowledges_both_ways,
    carries_binary_data,
    sends_to_rooms_and_all,
    has_namespaces_on_one_connection,
    tells_why_middleware_refuses,
    disconnects_from_either_side,
    connects_again_by_itself,
):
    try:
        case()
        print("ok", case.__name__.replace("_", " "))
    except Exception as error:  # any failure is one of the case
        failed = True
        print("not ok", case.__name__.replace("_", " "), repr(error))
sys.exit(1 if failed else 0)
