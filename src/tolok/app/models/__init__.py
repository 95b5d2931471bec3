"""App rows: what people enter, one concept per module."""

from tolok.app.models.audit import AuditEntry
from tolok.app.models.dashboard import Dashboard
from tolok.app.models.invitation import Invitation
from tolok.app.models.job import Job
from tolok.app.models.saved_view import SavedView
from tolok.app.models.target import TargetVersion
from tolok.app.models.token import Token
from tolok.app.models.user import Role, User

__all__ = ["AuditEntry", "Dashboard", "Invitation", "Job", "Role", "SavedView", "TargetVersion", "Token", "User"]
