"""Models of answers that the desk does not read, administration most of all (contract 5.5-5.9)."""

from __future__ import annotations

from revivatui.api.schemas.base import Attributes, Dropped, Line, Stamp, Text, Wire
from revivatui.api.schemas.inboxes import Inbox
from revivatui.api.schemas.people import Agent, Person


class Mfa(Wire):
    feature_available: bool | None = None
    enabled: bool | None = None
    backup_codes_generated: bool | None = None
    provisioning_url: Dropped = None
    secret: Dropped = None
    backup_codes: Dropped = None


class Limits(Wire):
    id: int
    limits: Attributes


class Webhook(Wire):
    id: int
    name: Line | None = None
    url: Line
    account_id: int
    subscriptions: list[Line]
    inbox: Attributes | None = None


class WebhookList(Wire):
    class Payload(Wire):
        webhooks: list[Webhook]

    payload: Payload


class OneWebhook(Wire):
    class Payload(Wire):
        webhook: Webhook

    payload: Payload


class AgentBot(Wire):
    id: int
    name: Line
    description: Line | None
    thumbnail: object = None
    outgoing_url: Line | None = None
    bot_type: Line
    bot_config: Attributes | None = None
    account_id: int | None = None
    access_token: Dropped = None
    system_bot: bool | None = None


class BotOfInbox(Wire):
    agent_bot: AgentBot | None = None


class Hook(Wire):
    id: int
    app_id: Line
    status: bool
    inbox: Attributes | None
    account_id: int
    hook_type: Line
    settings: Dropped = None
    reference_id: object = None


class App(Wire):
    id: Line
    name: Line
    description: Line
    short_description: Line | None = None
    enabled: bool
    logo: object = None
    i18n_key: object = None
    action: object = None
    button: object = None
    hook_type: object = None
    allow_multiple_hooks: object = None
    hooks: list[Hook]
    settings_json_schema: object = None
    settings_form_schema: object = None
    visible_properties: object = None


class AppList(Wire):
    payload: list[App]


class AutomationRule(Wire):
    id: int
    account_id: int
    name: Line
    description: Line | None
    event_name: Line
    conditions: list[Attributes]
    actions: list[Attributes]
    created_on: Stamp
    active: bool
    files: object = None


class AutomationRuleList(Wire):
    payload: list[AutomationRule]


class OneAutomationRule(Wire):
    payload: AutomationRule


class DashboardApp(Wire):
    id: int
    title: Line
    content: list[Attributes]
    created_at: Stamp


class Campaign(Wire):
    id: int
    title: Line
    description: Line | None
    account_id: int
    inbox: Inbox
    sender: Agent | None = None
    message: Text | None
    template_params: object = None
    campaign_status: Line
    enabled: bool
    campaign_type: Line
    scheduled_at: Stamp = None
    audience: object = None
    trigger_rules: object
    trigger_only_during_business_hours: bool
    created_at: Stamp
    updated_at: Stamp


class AssignmentPolicy(Wire):
    id: int
    name: Line
    description: Line | None
    assignment_order: Line
    conversation_priority: Line
    fair_distribution_limit: int
    fair_distribution_window: int
    enabled: bool
    assigned_inbox_count: int | None = None
    created_at: Stamp
    updated_at: Stamp


class InboxesOfPolicy(Wire):
    inboxes: list[Inbox]


class AuditLogs(Wire):
    class Entry(Wire):
        id: int
        auditable_id: int | None
        auditable_type: Line | None
        auditable: object = None
        associated_id: int | None
        associated_type: Line | None
        user_id: int | None
        user_type: Line | None
        username: Line | None
        action: Line
        audited_changes: object
        version: int
        comment: Text | None
        request_uuid: Line | None
        created_at: Stamp
        remote_address: Line | None

    per_page: int
    total_entries: int
    current_page: int
    audit_logs: list[Entry]


class SlaPolicies(Wire):
    class Policy(Wire):
        id: int
        name: Line
        description: Line | None
        first_response_time_threshold: float | None
        next_response_time_threshold: float | None
        resolution_time_threshold: float | None
        only_during_business_hours: bool

    payload: list[Policy]


class CustomRole(Wire):
    id: int
    name: Line
    description: Line | None
    permissions: list[Line]
    created_at: Stamp
    updated_at: Stamp


class CapacityPolicy(Wire):
    class Limit(Wire):
        id: int
        inbox_id: int
        conversation_limit: int

    id: int
    name: Line
    description: Line | None
    exclusion_rules: Attributes | None
    created_at: Stamp
    updated_at: Stamp
    account_id: int
    assigned_agent_count: int
    inbox_capacity_limits: list[Limit]


class PortalList(Wire):
    class Meta(Wire):
        current_page: int
        portals_count: int

    payload: list[Attributes]
    meta: Meta


class Assistants(Wire):
    class Assistant(Person):
        account_id: int
        config: Attributes
        guardrails: object
        response_guidelines: object
        updated_at: Stamp

    class Meta(Wire):
        total_count: int
        page: int

    payload: list[Assistant]
    meta: Meta


class BotMetrics(Wire):
    conversation_count: int
    message_count: int
    resolution_rate: int
    handoff_rate: int


class ReportingEvent(Wire):
    """`GET C/reporting_events` (contract 6.7)."""

    id: int
    name: Line
    value: float
    value_in_business_hours: float
    event_start_time: Stamp
    event_end_time: Stamp
    account_id: int
    inbox_id: int | None
    user_id: int | None
    conversation_id: int | None
    created_at: Stamp
    updated_at: Stamp
