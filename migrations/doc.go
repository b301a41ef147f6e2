// Package migrations is the schema: numbered SQL files, one portable set for SQLite and MySQL/MariaDB.
//
// platform/db fills the tokens {{pk}} {{id}} {{ts}} {{json}} {{blob}} {{longtext}} {{opts}}
// for the database at hand and runs the files with goose: on SQLite each in a transaction;
// MySQL commits every change of a table at once, so a file that fails there halfway is
// finished by hand. Keep files short.
// A merged file is never edited; the running server refuses a database that is behind.
package migrations

import "embed"

// Files holds every migration, in the order of its number.
//
//go:embed *.sql
var Files embed.FS
