"""An independent OSDP implementation at the other end: libosdp as reader (pd) or as controller (cp).

    peer.py pd ADDRESS SCBK          listens on a free port of 127.0.0.1 and prints {"port": n}
    peer.py cp ADDRESS SCBK PORT     connects to a reader on 127.0.0.1

Orders come as JSON lines on standard input, what happens goes as JSON lines to standard output.
"""

import json
import socket
import sys
import threading

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
)


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


def run_reader(address, scbk):
    channel = TcpChannel()
    capabilities = PDCapabilities(
        [
            (Capability.ContactStatusMonitoring, 1, 2),
            (Capability.OutputControl, 1, 2),
            (Capability.LEDControl, 1, 1),
            (Capability.AudibleControl, 1, 1),
        ]
    )

    def obey(command):
        if command["command"] == Command.Status:
            return -1, None
        say({"command": command})
        return 0, None

    info = PDInfo(address, channel, scbk=scbk, flags=[LibFlag.EnforceSecure])
    reader = PeripheralDevice(info, capabilities, log_level=LogLevel.Error, command_handler=obey)
    say({"port": channel.listen()})
    reader.start()
    for line in sys.stdin:
        order = json.loads(line)
        reader.submit_event(
            {
                "event": Event.CardRead,
                "reader_no": 0,
                "format": CardFormat.Wiegand,
                "direction": 0,
                "length": order["bits"],
                "data": bytes.fromhex(order["card"]),
            }
        )
    reader.stop()


def run_controller(address, scbk, port):
    channel = TcpChannel()
    channel.use(socket.create_connection(("127.0.0.1", port)))

    def hear(_, event):
        say({"event": event})
        return 0

    info = PDInfo(address, channel, scbk=scbk, flags=[LibFlag.EnforceSecure])
    controller = ControlPanel([info], log_level=LogLevel.Error, event_handler=hear)
    controller.start()
    say({"secure": controller.sc_wait(address, timeout=10)})
    for line in sys.stdin:
        order = json.loads(line)
        if "output" in order:
            command = {
                "command": Command.Output,
                "output_no": order["output"],
                "control_code": 5,
                "timer_count": order["timer"],
            }
        else:
            command = {
                "command": Command.Buzzer,
                "reader": 0,
                "control_code": 2,
                "on_count": 1,
                "off_count": 1,
                "rep_count": order["beeps"],
            }
        say({"submitted": bool(controller.submit_command(address, command))})
    controller.stop()


if __name__ == "__main__":
    role, own_address, key = sys.argv[1], int(sys.argv[2]), bytes.fromhex(sys.argv[3])
    if role == "pd":
        run_reader(own_address, key)
    else:
        run_controller(own_address, key, int(sys.argv[4]))
