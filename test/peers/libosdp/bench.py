"""libosdp as controller of many readers on one TCP line, for the benchmark. Every card is answered with a pulse of output 0.

    bench.py PORT KEY,KEY,..     one reader for each key, at addresses 0, 1, ..

Facts go as JSON lines to standard output; times are milliseconds of the system's monotonic clock.
"""

import json
import resource
import socket
import sys
import threading
import time

import osdp_sys
from osdp import Channel, Command, Event, LibFlag, LogLevel, PDInfo

REFRESH_PAUSE_S = 0.001


def say(fact):
    print(json.dumps(fact), flush=True)


def now_ms():
    return time.monotonic_ns() / 1e6


class Line(Channel):
    def __init__(self, port):
        super().__init__()
        self.connection = socket.create_connection(("127.0.0.1", port))
        self.connection.setblocking(False)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def read(self, max_bytes):
        try:
            return self.connection.recv(max_bytes)
        except OSError:
            return b""

    def write(self, buf):
        try:
            return self.connection.send(buf)
        except OSError:
            return 0

    def flush(self):
        pass


def main(port, keys):
    line = Line(port)
    cards = []

    def hear(reader, event):
        if event["event"] == Event.CardRead:
            cards.append(reader)
            say({"card": reader, "atMs": now_ms()})
        return 0

    osdp_sys.set_loglevel(LogLevel.Error)
    infos = [PDInfo(address, line, scbk=key, flags=[LibFlag.EnforceSecure]).get() for address, key in enumerate(keys)]
    controller = osdp_sys.ControlPanel(infos)
    controller.set_event_callback(hear)
    orders = []
    threading.Thread(target=lambda: [orders.append(json.loads(text)) for text in sys.stdin], daemon=True).start()
    secure = 0
    while True:
        controller.refresh()
        while cards:
            reader = cards.pop(0)
            say({"unlock": reader, "atMs": now_ms()})
            controller.submit_command(reader, {"command": Command.Output, "output_no": 0, "control_code": 5, "timer_count": 1})
        count = bin(controller.sc_status()).count("1")
        if count != secure:
            secure = count
            say({"secure": secure})
        while orders:
            usage = resource.getrusage(resource.RUSAGE_SELF)
            say({"cpuAsked": orders.pop(0)["cpu"], "cpuMs": (usage.ru_utime + usage.ru_stime) * 1000})
        time.sleep(REFRESH_PAUSE_S)


if __name__ == "__main__":
    main(int(sys.argv[1]), [bytes.fromhex(key) for key in sys.argv[2].split(",")])
