package httpapi

import (
	pathpkg "path"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// schemaName names a type in the OpenAPI document by its room and its name, so that
// two rooms may both have a View: campaign.View is CampaignView, a page of them
// CampaignViewList. Nameless structs take the name of the operation being registered.
func (a *API) schemaName(t reflect.Type, hint string) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if elem, is := listOf(t); is {
		return a.schemaName(elem, hint) + "List"
	}
	name := t.Name()
	if name == "" || t.PkgPath() == "" || strings.ContainsAny(name, "[") {
		plain := huma.DefaultSchemaNamer(t, hint)
		if name == "" && a.naming != "" {
			return camel(a.naming) + plain
		}
		return plain
	}
	name = upper(name)
	room := upper(pathpkg.Base(t.PkgPath()))
	if room == "Httpapi" || room == "Main" || strings.HasPrefix(name, room) {
		return name
	}
	return room + name
}

// listOf finds T where t is List[T].
func listOf(t reflect.Type) (reflect.Type, bool) {
	if t.Kind() != reflect.Struct || !strings.HasPrefix(t.Name(), "List[") || pathpkg.Base(t.PkgPath()) != "httpapi" {
		return nil, false
	}
	f, ok := t.FieldByName("Items")
	if !ok {
		return nil, false
	}
	return f.Type.Elem(), true
}

func upper(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// camel turns "start-campaign" into "StartCampaign".
func camel(id string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(id, "-") {
		b.WriteString(upper(word))
	}
	return b.String()
}
