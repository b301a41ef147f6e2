// Command yingda is the whole house in one program: it builds every room once, joins
// the hooks, starts, drains and stops. `yingda help` lists the subcommands.
package main
