"""Writes of the organisation, a module for each thing that is written."""

from huiyin.organization.services.handover import (
    HandoverHook,
    Moving,
    hand_over_person,
    preview_hand_over,
    register_handover,
)
from huiyin.organization.services.holdings import add_stand_in, end_holding, end_stand_in, give_post
from huiyin.organization.services.importing import import_organization
from huiyin.organization.services.people import (
    change_own_password,
    create_person,
    deactivate_person,
    edit_own_contact,
    edit_person,
    reactivate_person,
    reset_password,
    reset_second_factor,
    set_own_language,
    unlock_person,
)
from huiyin.organization.services.posts import create_post, edit_post
from huiyin.organization.services.roster import (
    ShiftLine,
    add_shifts,
    change_shift,
    copy_week,
    fill_roster,
    remove_shift,
)
from huiyin.organization.services.tokens import actor_for_token, create_token, revoke_token
from huiyin.organization.services.units import (
    create_unit,
    deactivate_unit,
    edit_unit,
    found_company,
    move_unit,
    reactivate_unit,
)

__all__ = [
    "HandoverHook",
    "Moving",
    "ShiftLine",
    "actor_for_token",
    "add_shifts",
    "add_stand_in",
    "change_own_password",
    "change_shift",
    "copy_week",
    "create_person",
    "create_post",
    "create_token",
    "create_unit",
    "deactivate_person",
    "deactivate_unit",
    "edit_own_contact",
    "edit_person",
    "edit_post",
    "edit_unit",
    "end_holding",
    "end_stand_in",
    "fill_roster",
    "found_company",
    "give_post",
    "hand_over_person",
    "import_organization",
    "move_unit",
    "preview_hand_over",
    "reactivate_person",
    "reactivate_unit",
    "register_handover",
    "remove_shift",
    "reset_password",
    "reset_second_factor",
    "revoke_token",
    "set_own_language",
    "unlock_person",
]
