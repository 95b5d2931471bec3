"""How everything looks: tokens, components, icons, and the small drawings beside figures."""
