"""Search: question → Query → Plan → Answer. Imports graph and ingest, never ui."""
