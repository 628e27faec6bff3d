"""The posts of a plan as rows of plan.json and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sanitation.model import Post
from sanitation.planvalues import Clock, int_of, str_of


def post_dict(post: Post, clock: Clock) -> dict[str, Any]:
    """The row of a post; what is missing only where something is."""
    row: dict[str, Any] = {
        "toilet": post.toilet_id,
        "post": post.post_id,
        "start": clock.text(post.start_s),
        "end": clock.text(post.end_s),
        "needed": post.needed,
        "attendants": list(post.attendants),
    }
    if post.missing:
        row |= {"missing": post.missing, "text": post.text, "fix": post.fix}
    return row


def post_of(row: Mapping[str, Any], clock: Clock) -> Post:
    """The post of a row. KeyError, TypeError, ValueError: a key is missing or of another type."""
    people = row["attendants"]
    if not isinstance(people, list):
        raise TypeError(f"attendants must be a list, not {people!r:.60}")
    return Post(
        toilet_id=str_of(row, "toilet"),
        post_id=str_of(row, "post"),
        start_s=clock.seconds(row["start"]),
        end_s=clock.seconds(row["end"]),
        needed=int_of(row, "needed"),
        attendants=tuple(str(person) for person in people),
        missing=int_of(row, "missing", 0),
        text=str_of(row, "text", ""),
        fix=dict(row.get("fix", {})),
    )
