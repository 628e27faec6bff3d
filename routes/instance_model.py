"""A benchmark instance as read: streets or stops, one depot, facilities, limits. Plain integers."""

from __future__ import annotations

from dataclasses import dataclass

LARGEST = 2**31 - 1  # of any number in a file, and of all its costs together

SolutionStep = tuple[str | int, ...]
SolutionRoutes = tuple[tuple[SolutionStep, ...], ...]


class InstanceError(ValueError):
    """A file that is no instance or no solution: what is wrong where, and how to mend it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(f"{message}; {hint}" if hint else message)
        self.message = message
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Street:
    """A street between two nodes (indices into Instance.nodes).

    service is the cost of driving it once while serving (the driving is in it), travel that of
    driving it without. Unless it is one-way both hold in both directions. A street that needs no
    service has demand 0 and service equal to travel.
    """

    a: int
    b: int
    service: int
    travel: int
    demand: int = 0
    oneway: bool = False


@dataclass(frozen=True, slots=True)
class Site:
    """A depot, stop or landfill in the plane.

    Coordinates in feet; service may start between opens_s and closes_s, both included, in seconds
    after midnight (for the depot: depart and be back); load in hundredths of a yard.
    """

    x_ft: float
    y_ft: float
    opens_s: int
    closes_s: int
    service_s: int
    load: int


@dataclass(frozen=True, slots=True)
class DayRules:
    """What a vehicle of a waste-collection instance may do in a day.

    load: hundredths of a yard a day, emptying in between or not; stops: stops a day, landfills
    not counted; lunch_s: length of the lunch, which starts between lunch_from_s and lunch_to_s;
    speed_ft_s: feet a second.
    """

    load: int
    stops: int
    lunch_s: int
    speed_ft_s: float
    lunch_from_s: int = 11 * 3600
    lunch_to_s: int = 12 * 3600


@dataclass(frozen=True, slots=True)
class Instance:
    """One benchmark instance.

    name: the file's name without its ending; set_name: the name of its folder.
    nodes: node numbers (stop ids) as in the file; every other field uses indices into it.
    depot: where all routes start and end. facilities: where a vehicle is emptied.
    capacity: in the unit of the demands (waste collection: hundredths of a yard).
    required: streets to serve, in file order, edges before arcs. links: all other streets.
    dump_cost: cost, and time, of each visit to a facility; without facilities, of each route.
    max_trip: limit of the cost of a route, dumps included; None for none.
    sites, stops, day: of a waste-collection instance: what is at each node, the nodes to be
        served in file order, the rules of the day; empty and None for streets.
    """

    name: str
    set_name: str
    nodes: tuple[int, ...]
    depot: int
    capacity: int
    required: tuple[Street, ...] = ()
    links: tuple[Street, ...] = ()
    facilities: tuple[int, ...] = ()
    dump_cost: int = 0
    max_trip: int | None = None
    sites: tuple[Site, ...] = ()
    stops: tuple[int, ...] = ()
    day: DayRules | None = None

    @property
    def tasks(self) -> int:
        """How many streets or stops are to be served."""
        return len(self.required) + len(self.stops)
