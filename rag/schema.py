"""The tables of a library's SQLite file, as the catalog makes them. Standard library only."""

from __future__ import annotations

SCHEMA_VERSION = 1

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (
    id TEXT PRIMARY KEY, path TEXT NOT NULL UNIQUE, title TEXT NOT NULL, date TEXT,
    text TEXT NOT NULL, pages TEXT NOT NULL, added TEXT NOT NULL, boxes BLOB);
CREATE TABLE articles (
    document TEXT NOT NULL REFERENCES documents(id) ON DELETE CASCADE, number INTEGER NOT NULL,
    title TEXT, byline TEXT, page INTEGER, date TEXT, jump_from INTEGER, jump_to INTEGER,
    PRIMARY KEY (document, number)) WITHOUT ROWID;
CREATE TABLE paragraphs (
    document TEXT NOT NULL REFERENCES documents(id) ON DELETE CASCADE, article INTEGER NOT NULL,
    number INTEGER NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL,
    PRIMARY KEY (document, article, number)) WITHOUT ROWID;
CREATE TABLE passages (
    key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL REFERENCES documents(id) ON DELETE CASCADE, article INTEGER NOT NULL,
    number INTEGER NOT NULL, text TEXT NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL,
    title TEXT, page INTEGER, date TEXT, embedding BLOB NOT NULL);
CREATE INDEX passages_by_place ON passages (document, number);
CREATE TABLE conversations (
    id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL, created TEXT NOT NULL, updated TEXT NOT NULL);
CREATE TABLE messages (
    conversation INTEGER NOT NULL REFERENCES conversations(id) ON DELETE CASCADE, number INTEGER NOT NULL,
    question TEXT NOT NULL, reply TEXT NOT NULL, created TEXT NOT NULL,
    PRIMARY KEY (conversation, number)) WITHOUT ROWID;
CREATE TABLE feedback (
    id INTEGER PRIMARY KEY AUTOINCREMENT, question TEXT NOT NULL, verdict TEXT NOT NULL, reply TEXT NOT NULL,
    created TEXT NOT NULL);
"""
