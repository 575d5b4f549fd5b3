"""The pages: a module per family, each giving the pages that an edition has of it.

Lives here: which questions a page asks, in which order, of which mart. Add here: a family of pages, in `FAMILIES` of the
editions that have it (maken.py). Keep out: how a question is put and shown (blokken.py, sjablonen/).
"""
