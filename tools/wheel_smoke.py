"""Start an installed program in a pseudo-terminal and see that a person could use it.

python -m tools.wheel_smoke PATH/TO/revivatui
"""

from __future__ import annotations

import sys
import tempfile

from tools.terminal import Terminal


def main(program: str) -> int:
    with tempfile.TemporaryDirectory() as home:
        env = {"HOME": home, "XDG_DATA_HOME": f"{home}/data", "XDG_CONFIG_HOME": f"{home}/config"}
        env |= {"XDG_CACHE_HOME": f"{home}/cache", "XDG_STATE_HOME": f"{home}/state"}
        with Terminal([program, "demo"], 120, 40, env) as desk:
            desk.wait_for("live", 60)
            desk.wait_for("Unassigned", 10)
            desk.settle(1.0, 30)
            print(desk.text())
            desk.send("\x11")  # ctrl+q
            code = desk.wait_exit(15)
    print("1 passed, 0 failed" if code == 0 else f"0 passed, 1 failed\nexit code {code}")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
