"""What a stranger's tables are: which facts they hold, and which column is what."""

from __future__ import annotations

from tolok.sources.recognise.proposal import Assumption, Proposal, propose

__all__ = ["Assumption", "Proposal", "propose"]
