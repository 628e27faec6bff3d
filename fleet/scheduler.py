"""The three PuLP models of a day: work to depots, departures to bays, runs to vehicles and crews.

``share_work`` comes before routing, ``schedule_departures`` and ``assign_runs`` after it. Each
answer carries a ``SolveNote`` that says how good it is known to be.
"""

from fleet.assign import assign_runs
from fleet.bays import schedule_departures
from fleet.share import share_work

__all__ = ["assign_runs", "schedule_departures", "share_work"]
