-- +goose Up
-- The index keeps no text of its own. What it is told is cut into words and folded by the application, so here a word is
-- what stands between spaces; one that begins with a colon says where a message is, from whom and what is in it.
CREATE VIRTUAL TABLE search USING fts5(text, content='', contentless_delete=1, tokenize="ascii tokenchars ':'");
