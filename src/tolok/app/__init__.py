"""What people enter: users, roles, targets, the audit log. Django lives from here upwards; the engine below knows none of it."""
