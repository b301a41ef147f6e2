package campaign

import (
	"maps"
	"slices"
	"strings"

	"yingda/platform/errs"
	"yingda/platform/xlsx"
	"yingda/tenant"
)

// Guess is what a column seems to hold.
type Guess string

const (
	GuessPhone  Guess = "phone"
	GuessName   Guess = "name"
	GuessVar    Guess = "var"
	GuessIgnore Guess = "ignore"
)

var (
	phoneWords = []string{"电话", "手机", "号码", "联系方式", "联系电话", "phone", "mobile", "tel", "cell"}
	notPhone   = []string{"身份证", "证件", "订单", "合同", "房号", "编号", "车牌", "银行", "卡号", "工号", "单号", "id", "order"}
	nameWords  = []string{"姓名", "称呼", "联系人", "客户名", "名字"}
	nameExact  = []string{"客户", "顾客", "name", "full name", "fullname", "customer", "customer name", "contact", "contact name", "lead"}
)

func contains(title string, words []string) bool {
	for _, w := range words {
		if strings.Contains(title, w) {
			return true
		}
	}
	return false
}

func saysPhone(title string) bool {
	t := strings.ToLower(title)
	return contains(t, phoneWords) && !contains(t, notPhone)
}

func saysName(title string) bool {
	t := strings.ToLower(title)
	for _, w := range nameExact {
		if t == w {
			return true
		}
	}
	return contains(t, nameWords)
}

// headerAt picks the header among the first rows that hold anything: the first that
// names a phone column, for many lists have a title above; else the very first.
func headerAt(rows []xlsx.Row, full []int) int {
	for i, at := range full {
		for _, c := range rows[at].Cells {
			if _, isPhone := tenant.ParsePhone(tidy(c.Text)); isPhone {
				return 0 // leads have begun
			}
			if saysPhone(tidy(c.Text)) {
				return i
			}
		}
	}
	return 0
}

// titles of a header row; nil where the row holds a phone number, so that it is a lead.
func titles(r xlsx.Row) []string {
	out := make([]string, len(r.Cells))
	for i, c := range r.Cells {
		out[i] = tidy(c.Text)
		if _, isPhone := tenant.ParsePhone(out[i]); isPhone {
			return nil
		}
	}
	return out
}

// guess says of each column what it is, by its title and by what the sample holds.
func guess(titles []string, sample []xlsx.Row, parse func(string) (string, bool)) []Header {
	width := len(titles)
	for _, r := range sample {
		width = max(width, len(r.Cells))
	}
	headers := make([]Header, width)
	phoneLike := make([]float64, width) // share of the values that are numbers of a phone
	for i := range headers {
		h := Header{Column: xlsx.ColumnName(i), Title: xlsx.ColumnName(i), Sample: []string{}}
		if i < len(titles) && titles[i] != "" {
			h.Title = titles[i]
		}
		h.Sample, phoneLike[i] = column(sample, i, parse)
		headers[i] = h
	}
	judgeColumns(headers, phoneLike, titles)
	return headers
}

// column returns the first values of a column and the share of its values that parse.
func column(sample []xlsx.Row, i int, parse func(string) (string, bool)) (first []string, share float64) {
	first = []string{}
	var all, phones float64
	for _, r := range sample {
		if i >= len(r.Cells) || tidy(r.Cells[i].Text) == "" {
			continue
		}
		all++
		if _, bad := phoneOf(r.Cells[i], parse); bad == nil {
			phones++
		}
		if len(first) < previewRows {
			first = append(first, tidy(r.Cells[i].Text))
		}
	}
	return first, phones / max(all, 1)
}

func judgeColumns(headers []Header, phoneLike []float64, titles []string) {
	phone := bestPhone(headers, phoneLike)
	named := false
	for i := range headers {
		h := &headers[i]
		titled := i < len(titles) && titles[i] != ""
		switch {
		case i == phone:
			h.Guess = GuessPhone
		case phoneLike[i] > 0.5: // a second number must not become a variable: variables are shown unmasked
			h.Guess = GuessIgnore
		case !named && saysName(h.Title):
			h.Guess, named = GuessName, true
		case titled && len(h.Sample) > 0:
			h.Guess = GuessVar
		default:
			h.Guess = GuessIgnore
		}
	}
}

// bestPhone is the column that is most surely the phone's; -1 where none is: half of
// the values must be numbers of a phone, or the title must say so.
func bestPhone(headers []Header, phoneLike []float64) int {
	best, score := -1, 0.5
	for i, h := range headers {
		s := phoneLike[i]
		if saysPhone(h.Title) {
			s += 0.75
		}
		if s > score {
			best, score = i, s
		}
	}
	return best
}

// Mapping says which column is what, by letters; Vars maps a column to the script's
// variable. Sheet "" is the first one that holds anything.
type Mapping struct {
	Sheet string            `json:"sheet,omitempty"`
	Phone string            `json:"phone"`
	Name  string            `json:"name,omitempty"`
	Vars  map[string]string `json:"vars,omitempty"`
}

// Check says by field what is wrong with the mapping for this sheet, nil where nothing is.
func (m Mapping) Check(s Sheet) error {
	var wrong []errs.Field
	used := map[string]bool{}
	check := func(path, column string) {
		switch i := xlsx.ColumnIndex(column); {
		case i < 0 || i >= len(s.Headers):
			wrong = append(wrong, errs.Field{Path: path, Key: "import.no_such_column", Args: map[string]any{"column": column}})
		case used[column]:
			wrong = append(wrong, errs.Field{Path: path, Key: "import.column_twice", Args: map[string]any{"column": column}})
		}
		used[column] = true
	}
	if m.Phone == "" {
		wrong = append(wrong, errs.Field{Path: "phone", Key: "import.no_phone_column"})
	} else {
		check("phone", m.Phone)
	}
	if m.Name != "" {
		check("name", m.Name)
	}
	wrong = append(wrong, m.checkVars(check)...)
	if len(wrong) == 0 {
		return nil
	}
	return errs.New(errs.Invalid, "import.bad_mapping").With(wrong...)
}

const maxVarName = 40 // characters

func (m Mapping) checkVars(check func(path, column string)) (wrong []errs.Field) {
	names := map[string]bool{}
	for _, column := range slices.Sorted(maps.Keys(m.Vars)) {
		path, name := "vars."+column, m.Vars[column]
		check(path, column)
		switch n := len([]rune(name)); {
		case strings.TrimSpace(name) == "" || n > maxVarName || strings.ContainsAny(name, "{}"):
			wrong = append(wrong, errs.Field{Path: path, Key: "import.bad_variable", Args: map[string]any{"name": name, "max": maxVarName}})
		case names[name]:
			wrong = append(wrong, errs.Field{Path: path, Key: "import.variable_twice", Args: map[string]any{"name": name}})
		}
		names[name] = true
	}
	return wrong
}
