"""Ids of entities, edges and claims: functions of what they identify, never of order, clock or machine."""

from __future__ import annotations

from hashlib import sha256

from graph.model import ClaimId, EdgeId, EdgeType, EntityId, EntityType

PREFIXES = {
    EntityType.PROJECT: "project",
    EntityType.INDICATOR: "indicator",
    EntityType.POLICY: "policy",
    EntityType.UNIT: "unit",
    EntityType.TASK: "task",
    EntityType.SOURCE: "source",
}
_TYPES = {prefix: entity_type for entity_type, prefix in PREFIXES.items()}


def entity_id(entity_type: EntityType, *key: str) -> EntityId:
    """The id of the entity of this type with this identity key, such as `project:0f3a…` (12 hex digits).

    >>> entity_id(EntityType.POLICY, "文号", "沪财绩", "2019", "19")
    'policy:8558f34fb9a8'
    """
    return EntityId(f"{PREFIXES[entity_type]}:{_digest(entity_type, *key)}")


def edge_id(edge_type: EdgeType, source: EntityId, target: EntityId) -> EdgeId:
    """One edge per type, source and target."""
    return EdgeId(f"edge:{_digest(edge_type, source, target)}")


def claim_id(*parts: str) -> ClaimId:
    """The id of the claim whose content the parts spell out."""
    return ClaimId(f"claim:{_digest(*parts)}")


def type_of(identifier: str) -> EntityType | None:
    """The type that an entity id names by its prefix; None where it names none."""
    return _TYPES.get(identifier.partition(":")[0])


def _digest(*parts: str) -> str:
    return sha256("\x1f".join(parts).encode()).hexdigest()[:12]
