// Package config is the program's whole configuration: one struct, defaults beside
// the fields, read from a YAML file, the environment and flags, in rising order of weight.
//
// The name of a setting follows from its place: Config.HTTP.Listen is http.listen in
// the file, YINGDA_HTTP_LISTEN in the environment and --http-listen on the command
// line. A secret may also be read from a file: YINGDA_DATABASE_DSN_FILE=/run/secrets/dsn.
// Load reports every problem at once, each with the place where it was written.
//
//	mine, rest := config.Split(os.Args[2:])
//	c, err := config.Load(mine, os.Getenv, os.ReadFile) // err lists all problems, one a line
package config
