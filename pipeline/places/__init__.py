"""Places: states, organisations, capitals, institutions and venues, by any of their names."""

from pipeline.places.lookup import (
    Mention,
    city_country,
    country,
    is_state,
    mentions,
    party,
    state_name,
    venue,
)

__all__ = [
    "Mention",
    "city_country",
    "country",
    "is_state",
    "mentions",
    "party",
    "state_name",
    "venue",
]
