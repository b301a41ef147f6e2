package config

import "strings"

const configFlag = "config"

// Split parts args into those that set the configuration (--config, --http-listen …)
// and the rest, which are the subcommand's own. "--" and what follows stay in the rest.
func Split(args []string) (mine, rest []string) {
	known := knownFlags()
	for i := 0; i < len(args); i++ {
		if args[i] == "--" {
			return mine, append(rest, args[i:]...)
		}
		name, _, joined := cutFlag(args[i])
		isBool, is := known[name]
		if name == "" || !is {
			rest = append(rest, args[i])
			continue
		}
		mine = append(mine, args[i])
		if !joined && !isBool && i+1 < len(args) {
			i++
			mine = append(mine, args[i])
		}
	}
	return mine, rest
}

// knownFlags says of each flag whether it is a switch, which takes no value after a space.
func knownFlags() map[string]bool {
	known := map[string]bool{configFlag: false}
	for _, s := range settingsOf(&Config{}) {
		known[s.flag()] = s.isBool()
	}
	return known
}

// cutFlag takes --name=value and -name apart; name is empty where arg is no flag.
func cutFlag(arg string) (name, value string, joined bool) {
	if !strings.HasPrefix(arg, "-") {
		return "", "", false
	}
	name, value, joined = strings.Cut(strings.TrimPrefix(strings.TrimPrefix(arg, "-"), "-"), "=")
	return name, value, joined
}

func (l *loader) parseFlags(args []string) map[string]string {
	known, got := knownFlags(), map[string]string{}
	for i := 0; i < len(args); i++ {
		name, value, joined := cutFlag(args[i])
		isBool, is := known[name]
		switch {
		case !is || name == "":
			l.problem(args[i], "is not a setting")
			continue
		case joined:
		case isBool:
			value = "true"
		case i+1 < len(args):
			i++
			value = args[i]
		default:
			l.problem("--"+name, "needs a value")
			continue
		}
		got[name] = value
	}
	return got
}
