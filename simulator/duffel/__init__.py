"""Duffel's REST interface, version 2, as the simulator speaks it."""

from simulator.duffel.dialect import Duffel

__all__ = ["Duffel"]
