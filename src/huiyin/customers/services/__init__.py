"""Writing customers and premises: each service checks, writes and journals in one transaction."""

from huiyin.customers.services.people import (
    add_phone,
    close_customer,
    create_customer,
    remove_phone,
    update_customer,
    update_phone,
)
from huiyin.customers.services.places import close_place, create_place, ensure_room, renew_token, update_place
from huiyin.customers.services.privacy import erase_customer, merge_customers, reveal_phone
from huiyin.customers.services.residence import (
    Newcomer,
    add_resident,
    end_residency,
    move_in,
    move_out,
    receive,
    set_primary,
    update_household,
)

__all__ = [
    "Newcomer",
    "add_phone",
    "add_resident",
    "close_customer",
    "close_place",
    "create_customer",
    "create_place",
    "end_residency",
    "ensure_room",
    "erase_customer",
    "merge_customers",
    "move_in",
    "move_out",
    "receive",
    "remove_phone",
    "renew_token",
    "reveal_phone",
    "set_primary",
    "update_customer",
    "update_household",
    "update_phone",
    "update_place",
]
