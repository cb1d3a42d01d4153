"""An independent OSDP implementation at the other end: libosdp as reader (pd) or as controller (cp).

    peer.py pd ADDRESS SCBK [DEVICE]     a reader on a serial device, or on a free port of 127.0.0.1 which it prints: {"port": n}
    peer.py cp ADDRESS SCBK WHERE        a controller for a reader on a port of 127.0.0.1 or on a serial device

SCBK is 32 hex digits, or "install" for a reader that waits for its first key. Orders come as JSON lines on standard input:

    {"submit": {"command": "LED", ...}}  controller: a command with libosdp's own fields, bytes as {"hex": "..."}
    {"event": {"event": "CardRead", ...}}  reader: an event in the same way
    {"file": "hex"}                      controller: sends this file; a reader prints what it received as {"file": "hex"}
    {"plugged": false}                   controller: hot plug of its reader, out and in again
    {"ask": "status"}                    prints {"status": {"online": .., "secure": ..}}

What happens goes as JSON lines to standard output.
"""

import json
import os
import socket
import sys
import threading
import tty

from osdp import (
    Capability,
    CardFormat,
    Channel,
    Command,
    ControlPanel,
    Event,
    LibFlag,
    LogLevel,
    PDCapabilities,
    PDInfo,
    PeripheralDevice,
    StatusReportType,
)

FILE_ID = 1


def say(fact):
    print(json.dumps(fact, default=lambda value: value.hex()), flush=True)


class TcpChannel(Channel):
    """Bytes of one TCP connection at a time; without one the line is silent."""

    def __init__(self):
        super().__init__()
        self.connection = None

    def use(self, connection):
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.connection = connection

    def listen(self):
        server = socket.create_server(("127.0.0.1", 0))

        def accept():
            while True:
                self.use(server.accept()[0])

        threading.Thread(target=accept, daemon=True).start()
        return server.getsockname()[1]

    def read(self, max_bytes):
        try:
            return self.connection.recv(max_bytes) if self.connection else b""
        except OSError:
            return b""

    def write(self, buf):
        try:
            return self.connection.send(buf) if self.connection else 0
        except OSError:
            return 0

    def flush(self):
        pass


class SerialChannel(Channel):
    """A terminal, as it comes: no echo, no line ends."""

    def __init__(self, path):
        super().__init__()
        self.file = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        tty.setraw(self.file)

    def read(self, max_bytes):
        try:
            return os.read(self.file, max_bytes)
        except OSError:
            return b""

    def write(self, buf):
        try:
            return os.write(self.file, buf)
        except OSError:
            return 0

    def flush(self):
        pass


class Files:
    """One file on either side of a transfer."""

    def __init__(self):
        self.content = bytearray()

    def operations(self):
        return {"open": self.open, "read": self.read, "write": self.write, "close": self.close}

    def open(self, _file_id, size):
        if size > 0:
            self.content = bytearray(size)
        return len(self.content)

    def read(self, size, offset):
        return bytes(self.content[offset : offset + size])

    def write(self, data, offset):
        self.content[offset : offset + len(data)] = data
        return len(data)

    def close(self, _file_id):
        say({"file": bytes(self.content)})
        return 0


def from_json(fields, kind, names):
    """libosdp's dict of a command or event: its name as the library's constant, {"hex": ..} as bytes."""
    values = {name: bytes.fromhex(value["hex"]) if isinstance(value, dict) else value for name, value in fields.items()}
    values[kind] = getattr(names, values[kind])
    if isinstance(values.get("format"), str):
        values["format"] = getattr(CardFormat, values["format"])
    if isinstance(values.get("type"), str):
        values["type"] = getattr(StatusReportType, values["type"])
    return values


def run_reader(address, key, where):
    channel = TcpChannel() if where is None else SerialChannel(where)
    capabilities = PDCapabilities(
        [
            (Capability.ContactStatusMonitoring, 1, 2),
            (Capability.OutputControl, 1, 2),
            (Capability.LEDControl, 1, 1),
            (Capability.AudibleControl, 1, 1),
            (Capability.TextOutput, 1, 1),
        ]
    )

    def obey(command):
        if command["command"] == Command.Status:
            return -1, None
        say({"command": command})
        return 0, None

    flags = [LibFlag.InstallMode] if key is None else [LibFlag.EnforceSecure]
    reader = PeripheralDevice(
        PDInfo(address, channel, scbk=key, flags=flags), capabilities, log_level=LogLevel.Error, command_handler=obey
    )
    if where is None:
        say({"port": channel.listen()})
    else:
        say({"device": where})
    reader.start()
    reader.register_file_ops(Files().operations())
    for line in sys.stdin:
        order = json.loads(line)
        if "event" in order:
            say({"submitted": reader.submit_event(from_json(order["event"], "event", Event))})
        else:
            say({"status": {"online": reader.is_online(), "secure": reader.is_sc_active()}})
    reader.stop()


def run_controller(address, key, where):
    if where.isdigit():
        channel = TcpChannel()
        channel.use(socket.create_connection(("127.0.0.1", int(where))))
    else:
        channel = SerialChannel(where)

    def hear(_, event):
        say({"event": event})
        return 0

    def completed(_, command, status):
        say({"completed": {"command": command, "status": status}})

    flags = [] if key is None else [LibFlag.EnforceSecure]
    controller = ControlPanel(
        [PDInfo(address, channel, scbk=key, flags=flags)],
        log_level=LogLevel.Error,
        event_handler=hear,
        command_completion_handler=completed,
    )
    controller.start()
    files = Files()
    controller.register_file_ops(address, files.operations())
    say({"secure": controller.sc_wait(address, timeout=10)})
    for line in sys.stdin:
        order = json.loads(line)
        if "file" in order:
            files.content = bytearray(bytes.fromhex(order["file"]))
            command = {"command": Command.FileTransfer, "id": FILE_ID, "flags": 0}
            say({"submitted": bool(controller.submit_command(address, command))})
        elif "plugged" in order:
            change = controller.enable_pd if order["plugged"] else controller.disable_pd
            say({"plugged": [order["plugged"], bool(change(address))]})
        elif "ask" in order:
            say({"status": {"online": controller.is_online(address), "secure": controller.is_sc_active(address)}})
        else:
            say({"submitted": bool(controller.submit_command(address, from_json(order["submit"], "command", Command)))})
    controller.stop()


if __name__ == "__main__":
    role, own_address, scbk = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    own_key = None if scbk == "install" else bytes.fromhex(scbk)
    place = sys.argv[4] if len(sys.argv) > 4 else None
    if role == "pd":
        run_reader(own_address, own_key, place)
    else:
        run_controller(own_address, own_key, place)
