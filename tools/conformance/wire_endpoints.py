"""Which model answers which call: method and path pattern -> shape of a successful answer.

`A`, `C`, `R`, `W` and `P` stand for the account, a conversation, reports, the widget and the public
API, `#` for a number and `*` for an identifier. An empty body fits every call.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from revivatui.api.schemas import (
    account,
    conversations,
    inboxes,
    messages,
    notifications,
    people,
    reports,
)
from tools.conformance import wire_admin as admin
from tools.conformance import wire_models as other

_PREFIXES: Final = {
    "A": r"/api/v1/accounts/\d+",
    "C": r"/api/v1/accounts/\d+/conversations/\d+",
    "R": r"/api/v2/accounts/\d+",
    "W": "/api/v1/widget",
    "P": "/public/api/v1",
}

EMPTY: Final = type(None)
"""Calls that answer nothing but a status, or `null`."""

TEXT: Final = str
"""Calls that answer a file of comma-separated values."""

_TABLE: Final[tuple[tuple[str, str, Any], ...]] = (
    ("GET", "/api", account.Version),
    ("POST", "/auth/sign_in", account.SignIn),
    ("GET", "/auth/validate_token", account.Validation),
    ("DELETE", "/auth/sign_out", other.Success),
    ("POST", "/auth/password", other.Told),
    ("PUT", "/auth/password", account.SignIn),
    ("GET PUT PATCH", "/api/v1/profile", account.User),
    ("POST", "/api/v1/profile/(availability|auto_offline|reset_access_token)", account.User),
    ("DELETE", "/api/v1/profile/avatar", account.User),
    ("PUT POST", "/api/v1/profile/(set_active_account|resend_confirmation)", EMPTY),
    ("GET POST DELETE", "/api/v1/profile/mfa(/verify|/backup_codes)?", admin.Mfa),
    ("GET PATCH PUT", "A", account.Account),
    ("GET", "A/cache_keys", account.CacheKeysAnswer),
    ("POST", "A/update_active_at", EMPTY),
    ("GET", "/enterprise/api/v1/accounts/#/limits", admin.Limits),
    # conversations
    ("GET", "A/conversations", conversations.ConversationPage),
    ("POST", "A/conversations", conversations.Conversation),
    ("GET", "A/conversations/meta", conversations.CountsAnswer),
    ("GET", "A/conversations/search", conversations.ConversationSearch),
    ("POST", "A/conversations/filter", conversations.FilteredPage),
    ("GET", "A/search(/(conversations|contacts|messages|articles))?", conversations.SearchAnswer),
    ("GET PATCH PUT", "C", conversations.Conversation),
    ("POST", "C/(update_last_seen|unread)", conversations.Conversation),
    ("POST", "C/toggle_status", conversations.StatusAnswer),
    ("POST", "C/assignments", people.Assignee | account.Team | None),
    ("GET POST", "C/labels", conversations.LabelsAnswer),
    ("POST", "C/custom_attributes", conversations.CustomAttributesAnswer),
    ("GET POST PATCH", "C/participants", list[people.Agent]),
    ("GET", "C/attachments", messages.AttachmentPage),
    ("GET", "C/draft_messages", conversations.DraftAnswer),
    ("GET", "C/inbox_assistant", other.InboxAssistant),
    ("POST", "C/direct_uploads", other.DirectUpload),
    ("DELETE", "C(/participants|/draft_messages)?", EMPTY),
    ("POST", "C/(toggle_priority|toggle_typing_status|mute|unmute|transcript)", EMPTY),
    ("PATCH PUT", "C/draft_messages", EMPTY),
    ("GET", "C/messages", messages.MessagePage),
    ("POST", "C/messages", messages.Message),
    ("DELETE PATCH", "C/messages/#", messages.Message),
    ("POST", "C/messages/#/retry", messages.Message),
    ("POST", "C/messages/#/translate", other.Translation),
    ("POST", "A/bulk_actions", EMPTY),
    # contacts
    ("GET", "A/contacts(/search|/active)?", people.ContactPage),
    ("POST", "A/contacts/filter", people.ContactPage),
    ("POST", "A/contacts", other.CreatedContact),
    ("GET PATCH PUT", "A/contacts/#", people.OneContact),
    ("DELETE", "A/contacts/#/avatar", people.OneContact),
    ("POST", "A/contacts/#/destroy_custom_attributes", people.OneContact),
    ("GET", "A/contacts/#/conversations", conversations.ConversationList),
    ("GET", "A/contacts/#/contactable_inboxes", other.InboxesOfContact),
    ("POST", "A/contacts/#/contact_inboxes", other.InboxOfContact),
    ("POST", "A/(contact_inboxes/filter|actions/contact_merge)", people.Contact),
    ("GET POST", "A/contacts/#/labels", conversations.LabelsAnswer),
    ("GET", "A/contacts/#/notes", list[people.Note]),
    ("POST", "A/contacts/#/notes", people.Note),
    ("GET PATCH PUT", "A/contacts/#/notes/#", people.Note),
    ("DELETE", "A/contacts/#(/notes/#)?", EMPTY),
    ("POST", "A/contacts/(import|export)", EMPTY),
    # people, teams, inboxes
    ("GET", "A/agents", list[people.Agent]),
    ("POST", "A/agents", people.Agent),
    ("PATCH PUT", "A/agents/#", people.Agent),
    ("POST", "A/agents/bulk_create", EMPTY),
    ("GET", "A(/inboxes/#)?/assignable_agents", account.AgentList),
    ("GET", "A/teams", list[account.Team]),
    ("POST", "A/teams", account.Team),
    ("GET PATCH PUT", "A/teams/#", account.Team),
    ("GET POST PATCH", "A/teams/#/team_members", list[people.Agent]),
    ("GET", "A/inbox_members/#", account.AgentList),
    ("POST PATCH", "A/inbox_members", account.AgentList),
    ("DELETE", "A/(agents/#|teams/#(/team_members)?|inbox_members|inboxes/#/avatar)", EMPTY),
    ("GET", "A/inboxes", inboxes.InboxList),
    ("POST", "A/inboxes", inboxes.Inbox),
    ("GET PATCH PUT", "A/inboxes/#", inboxes.Inbox),
    ("DELETE", "A/inboxes/#", other.Told),
    ("GET", "A(/inboxes/#)?/campaigns", list[admin.Campaign]),
    ("POST", "A/campaigns", admin.Campaign),
    ("GET PATCH PUT", "A/campaigns/#", admin.Campaign),
    ("GET", "A/inboxes/#/agent_bot", admin.BotOfInbox),
    ("POST", "A/inboxes/#/(set_agent_bot|sync_templates)", EMPTY),
    ("GET POST", "A/inboxes/#/assignment_policy", admin.AssignmentPolicy),
    ("GET", "A/assignment_policies", list[admin.AssignmentPolicy]),
    ("POST", "A/assignment_policies", admin.AssignmentPolicy),
    ("GET PATCH PUT", "A/assignment_policies/#", admin.AssignmentPolicy),
    ("GET", "A/assignment_policies/#/inboxes", admin.InboxesOfPolicy),
    ("GET", "A/audit_logs", admin.AuditLogs),
    ("GET", "A/sla_policies", admin.SlaPolicies),
    ("GET", "A/custom_roles", list[admin.CustomRole]),
    ("GET", "A/agent_capacity_policies", list[admin.CapacityPolicy]),
    ("GET", "A/portals", admin.PortalList),
    ("GET", "A/captain/assistants", admin.Assistants),
    ("GET", "C/reporting_events", list[admin.ReportingEvent]),
    ("DELETE", "A/(campaigns|assignment_policies)/#|A/inboxes/#/assignment_policy", EMPTY),
    # the account's words and tools
    ("GET", "A/canned_responses", list[account.CannedResponse]),
    ("POST", "A/canned_responses", account.CannedResponse),
    ("PATCH PUT", "A/canned_responses/#", account.CannedResponse),
    ("GET", "A/labels", account.LabelList),
    ("POST", "A/labels", account.Label),
    ("GET PATCH PUT", "A/labels/#", account.Label),
    ("GET", "A/macros", account.MacroList),
    ("POST", "A/macros", account.OneMacro),
    ("GET PATCH PUT", "A/macros/#", account.OneMacro),
    ("POST", "A/macros/#/execute", EMPTY),
    ("GET", "A/custom_attribute_definitions", list[account.AttributeDefinition]),
    ("POST", "A/custom_attribute_definitions", account.AttributeDefinition),
    ("GET PATCH PUT", "A/custom_attribute_definitions/#", account.AttributeDefinition),
    ("GET", "A/custom_filters", list[account.CustomFilter]),
    ("POST", "A/custom_filters", account.CustomFilter),
    ("GET PATCH PUT", "A/custom_filters/#", account.CustomFilter),
    ("GET", "A/automation_rules", admin.AutomationRuleList),
    ("POST", "A/automation_rules", admin.AutomationRule),
    ("GET PATCH PUT", "A/automation_rules/#", admin.OneAutomationRule),
    ("POST", "A/automation_rules/#/clone", admin.OneAutomationRule),
    ("GET", "A/webhooks", admin.WebhookList),
    ("POST", "A/webhooks", admin.OneWebhook),
    ("PATCH PUT", "A/webhooks/#", admin.OneWebhook),
    ("GET", "A/agent_bots", list[admin.AgentBot]),
    ("POST", "A/agent_bots", admin.AgentBot),
    ("GET PATCH PUT", "A/agent_bots/#", admin.AgentBot),
    ("POST", "A/agent_bots/#/reset_access_token", admin.AgentBot),
    ("DELETE", "A/agent_bots/#/avatar", admin.AgentBot),
    ("GET", "A/integrations/apps", admin.AppList),
    ("GET", "A/integrations/apps/*", admin.App),
    ("POST", "A/integrations/hooks", admin.Hook),
    ("PATCH PUT", "A/integrations/hooks/#", admin.Hook),
    ("POST", "A/integrations/hooks/#/process_event", other.Told),
    ("GET", "A/dashboard_apps", list[admin.DashboardApp]),
    ("POST", "A/dashboard_apps", admin.DashboardApp),
    ("GET PATCH PUT", "A/dashboard_apps/#", admin.DashboardApp),
    ("POST", "A/upload", other.Upload),
    (
        "DELETE",
        "A/(canned_responses|labels|macros|custom_attribute_definitions|custom_filters"
        "|automation_rules|webhooks|agent_bots|integrations/hooks|dashboard_apps)/#",
        EMPTY,
    ),
    # notifications
    ("GET", "A/notifications", notifications.NotificationPage),
    ("GET", "A/notifications/unread_count", int),
    ("PATCH PUT", "A/notifications/#", other.RawNotification),
    ("POST", "A/notifications/#/(unread|snooze)", other.RawNotification),
    ("POST", "A/notifications/(read_all|destroy_all)", EMPTY),
    ("DELETE", "A/notifications/#", EMPTY),
    ("GET PATCH PUT", "A/notification_settings", other.NotificationSettings),
    # figures
    ("GET", "R/reports", list[reports.Bucket]),
    ("GET", "R/reports/summary", reports.Summary),
    ("GET", "R/reports/bot_summary", reports.BotSummary),
    ("GET", "R/reports/bot_metrics", admin.BotMetrics),
    ("GET", "R/reports/conversations", reports.LiveCounts | list[reports.AgentLive]),
    (
        "GET",
        "R/reports/(agents|inboxes|labels|teams|conversation_traffic|conversations_summary)",
        TEXT,
    ),
    ("GET", "R/summary_reports/(agent|team|inbox|label)", list[reports.SummaryRow]),
    ("GET", "R/summary_reports/channel", dict[str, reports.ChannelCounts]),
    ("GET", "R/live_reports/conversation_metrics", reports.LiveCounts),
    ("GET", "R/live_reports/grouped_conversation_metrics", list[reports.LiveCounts]),
    ("GET", "A/csat_survey_responses", list[reports.Rating]),
    ("GET", "A/csat_survey_responses/metrics", reports.Satisfaction),
    ("GET", "A/csat_survey_responses/download", TEXT),
    # customers
    ("GET", "P/inboxes/*", other.PublicInbox),
    ("POST", "P/inboxes/*/contacts", other.PublicContact),
    ("GET", "P/inboxes/*/contacts/*", other.PublicContact),
    ("PATCH PUT", "P/inboxes/*/contacts/*", other.RawContact),
    ("GET", "P/inboxes/*/contacts/*/conversations", list[other.CustomerConversation]),
    ("POST", "P/inboxes/*/contacts/*/conversations", other.CustomerConversation),
    ("GET", "P/inboxes/*/contacts/*/conversations/#", other.CustomerConversation),
    ("POST", "P/inboxes/*/contacts/*/conversations/#/toggle_status", other.CustomerConversation),
    ("POST", "P/inboxes/*/contacts/*/conversations/#/(toggle_typing|update_last_seen)", EMPTY),
    ("GET", "P/inboxes/*/contacts/*/conversations/#/messages", list[other.CustomerMessage]),
    ("POST", "P/inboxes/*/contacts/*/conversations/#/messages", other.CustomerMessage),
    ("PATCH PUT", "P/inboxes/*/contacts/*/conversations/#/messages/#", other.CustomerMessage),
    ("GET PATCH PUT", "P/csat_survey/*", other.CsatSurvey),
    ("POST", "W/config", other.WidgetConfig),
    ("GET POST", "W/conversations", other.CustomerConversation),
    ("GET", "W/messages", other.WidgetMessages),
    ("POST", "W/messages", other.CustomerMessage),
    ("PATCH PUT", "W/messages/#", other.CustomerMessage),
    ("GET PATCH PUT", "W/contact(/set_user)?", other.WidgetContact),
    ("GET", "W/inbox_members", other.WidgetMembers),
    ("GET", "W/campaigns", list[other.WidgetCampaign]),
    ("POST", "W/conversations/(update_last_seen|toggle_typing|transcript)", EMPTY),
    ("POST", "W/conversations/(set|destroy)_custom_attributes", EMPTY),
    ("GET", "W/conversations/toggle_status", EMPTY),
    ("POST DELETE", "W/(labels|events)(/*)?", EMPTY),
    ("POST", "W/contact/destroy_custom_attributes", other.WidgetContact),
)


@dataclass(frozen=True)
class Endpoint:
    """A call and the shape of its successful answer."""

    methods: frozenset[str]
    path: re.Pattern[str]
    shape: Any


@cache
def endpoints() -> tuple[Endpoint, ...]:
    return tuple(
        Endpoint(frozenset(methods.split()), _pattern(path), shape)
        for methods, path, shape in _TABLE
    )


def endpoint_of(method: str, path: str) -> Endpoint | None:
    """The first endpoint that a call is for; the query is not looked at."""
    bare = path.split("?", 1)[0].rstrip("/")
    for endpoint in endpoints():
        if method in endpoint.methods and endpoint.path.fullmatch(bare):
            return endpoint
    return None


def _pattern(path: str) -> re.Pattern[str]:
    expanded = re.sub(r"(?<![A-Za-z])[ACRWP](?=[/(|]|$)", lambda m: _PREFIXES[m[0]], path)
    expanded = expanded.replace("#", r"\d+")
    return re.compile(re.sub(r"(?<=/)\*", "[^/]+", expanded))
