"""The signed-in person, the account and its lists (contract 1.4, 1.5, 5.2, 5.4, 5.7)."""

from __future__ import annotations

from pydantic import Field, SecretStr

from revivatui.api.schemas.base import Attributes, Line, Stamp, Text, Wire
from revivatui.api.schemas.people import Agent


class Version(Wire):
    """`GET /api`, the one answer that needs no token (contract 0)."""

    version: Line
    timestamp: object = None
    queue_services: Line | None = None
    data_services: Line | None = None


class Membership(Wire):
    """One account of a person, with the person's role in it."""

    id: int
    name: Line | None = None
    status: Line | None = None
    active_at: Stamp = None
    role: Line | None = None
    permissions: list[Line] | None = None
    availability: Line | None = None
    availability_status: Line | None = None
    auto_offline: bool | None = None
    custom_role_id: object = None
    custom_role: object = None


class User(Wire):
    """`GET /api/v1/profile` and the `data` of a sign-in (contract 1.4)."""

    id: int
    name: Line | None = None
    email: Line | None = None
    available_name: Line | None = None
    display_name: Line | None = None
    access_token: SecretStr | None = None
    pubsub_token: SecretStr | None = None
    account_id: int | None = None
    role: Line | None = None
    accounts: list[Membership] = Field(default_factory=list)
    message_signature: Text | None = None
    avatar_url: object = None
    confirmed: object = None
    hmac_identifier: SecretStr | None = None
    inviter_id: object = None
    provider: object = None
    custom_attributes: object = None
    ui_settings: object = None
    uid: object = None
    type: object = None
    created_at: object = None


class SignIn(Wire):
    """`POST /auth/sign_in`: with 206, a second factor is wanted (contract 1.2)."""

    data: User | None = None
    mfa_required: bool | None = None
    mfa_token: SecretStr | None = None


class Validation(Wire):
    """`GET /auth/validate_token`."""

    class Payload(Wire):
        success: bool
        data: User | None = None

    payload: Payload


class CacheKeys(Wire):
    label: Line | None = None
    inbox: Line | None = None
    team: Line | None = None


class Account(Wire):
    """`GET A` (contract 1.5); `features` lists only what is on."""

    id: int
    name: Line | None = None
    locale: Line | None = None
    features: dict[Line, bool] = Field(default_factory=dict)
    status: Line | None = None
    settings: object = None
    auto_resolve_duration: object = None
    created_at: object = None
    custom_attributes: object = None
    domain: object = None
    support_email: object = None
    cache_keys: CacheKeys | None = None
    latest_chatwoot_version: object = None
    subscribed_features: object = None


class CacheKeysAnswer(Wire):
    cache_keys: CacheKeys


class Team(Wire):
    """A team: whole in REST, `{id, name}` on the cable; from `assignments` a raw row."""

    id: int
    name: Line | None = None
    description: Line | None = None
    allow_auto_assign: bool | None = None
    account_id: int | None = None
    is_member: bool | None = None
    created_at: object = None
    updated_at: object = None


class Label(Wire):
    id: int
    title: Line
    description: Line | None = None
    color: Line | None = None
    show_on_sidebar: bool | None = None


class LabelList(Wire):
    payload: list[Label]


class CannedResponse(Wire):
    id: int
    short_code: Line
    content: Text | None = None
    account_id: int | None = None
    created_at: object = None
    updated_at: object = None


class AgentList(Wire):
    """`A/inbox_members`, `A/assignable_agents`."""

    payload: list[Agent]


class MacroAction(Wire):
    action_name: Line
    action_params: object = None


class Macro(Wire):
    """A macro (contract 5.4): a named row of actions."""

    id: int
    name: Line | None = None
    visibility: Line | None = None
    created_by: Agent | None = None
    updated_by: Agent | None = None
    account_id: int | None = None
    actions: list[MacroAction] = Field(default_factory=list)
    files: object = None


class MacroList(Wire):
    payload: list[Macro]


class OneMacro(Wire):
    payload: Macro


class AttributeDefinition(Wire):
    """A custom attribute of contacts or conversations (contract 5.5)."""

    id: int
    attribute_key: Line
    attribute_display_name: Line | None = None
    attribute_display_type: Line | None = None
    attribute_model: Line | None = None
    attribute_description: Line | None = None
    attribute_values: list[Line] | None = None
    regex_pattern: object = None
    regex_cue: object = None
    default_value: object = None
    created_at: object = None
    updated_at: object = None


class CustomFilter(Wire):
    """A saved filter (contract 5.5)."""

    id: int
    name: Line
    filter_type: Line | None = None
    query: Attributes | None = None
    created_at: object = None
    updated_at: object = None
