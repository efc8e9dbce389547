"""Tables of what administrators set up beside inboxes, teams and words (see ``schema``)."""

from __future__ import annotations

ADMIN_TABLES: dict[str, str] = {
    "automation_rules": """account_id INTEGER, name TEXT, description TEXT, event_name TEXT,
        conditions JSON DEFAULT '[]', actions JSON DEFAULT '[]', active BOOLEAN DEFAULT 1""",
    "dashboard_apps": "account_id INTEGER, user_id INTEGER, title TEXT, pages JSON DEFAULT '[]'",
    "integrations_hooks": """account_id INTEGER, inbox_id INTEGER, app_id TEXT,
        hook_type TEXT DEFAULT 'account', status TEXT DEFAULT 'enabled',
        settings JSON DEFAULT '{}', reference_id TEXT""",
    "assignment_policies": """account_id INTEGER, name TEXT, description TEXT,
        assignment_order TEXT DEFAULT 'round_robin',
        conversation_priority TEXT DEFAULT 'earliest_created',
        fair_distribution_limit INTEGER DEFAULT 100,
        fair_distribution_window INTEGER DEFAULT 3600, enabled BOOLEAN DEFAULT 1""",
    "inbox_assignment_policies": "inbox_id INTEGER, assignment_policy_id INTEGER",
    "auto_assignments": "inbox_id INTEGER, user_id INTEGER, conversation_id INTEGER",
}

ADMIN_INDEXES: tuple[str, ...] = (
    "CREATE INDEX IF NOT EXISTS policy_inbox ON inbox_assignment_policies(inbox_id)",
    "CREATE INDEX IF NOT EXISTS auto_assigned ON auto_assignments(inbox_id, user_id, created_at)",
)
