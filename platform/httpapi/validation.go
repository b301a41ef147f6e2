package httpapi

import (
	"fmt"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"yingda/platform/errs"
)

// mark separates a validation key from its argument inside huma's message texts.
const mark = "\x1f"

// keyValidation replaces huma's English sentences by keys, which fieldOf takes apart again.
func keyValidation() {
	plain := map[*string]string{
		&validation.MsgUnexpectedProperty: "unexpected", &validation.MsgExpectedRFC3339DateTime: "datetime", &validation.MsgExpectedRFC3339Date: "date",
		&validation.MsgExpectedRFC3339Time: "time", &validation.MsgExpectedBoolean: "boolean", &validation.MsgExpectedNumber: "number",
		&validation.MsgExpectedInteger: "integer", &validation.MsgExpectedString: "string", &validation.MsgExpectedArray: "array",
		&validation.MsgExpectedObject: "object", &validation.MsgExpectedArrayItemsUnique: "unique",
	}
	for p, key := range plain {
		*p = "validation." + key
	}
	withArg := map[*string]string{
		&validation.MsgExpectedOneOf: "one_of", &validation.MsgExpectedMinimumNumber: "min", &validation.MsgExpectedMaximumNumber: "max",
		&validation.MsgExpectedMinLength: "min_length", &validation.MsgExpectedMaxLength: "max_length", &validation.MsgExpectedMinItems: "min_items",
		&validation.MsgExpectedMaxItems: "max_items", &validation.MsgExpectedRequiredProperty: "required", &validation.MsgExpectedBePattern: "pattern",
		&validation.MsgExpectedMatchPattern: "pattern",
	}
	for p, key := range withArg {
		*p = "validation." + key + mark + "%v"
	}
}

// fieldOf reads a huma detail: "body.name" with "validation.min_length␟1".
func fieldOf(d *huma.ErrorDetail) errs.Field {
	key, arg, has := strings.Cut(d.Message, mark)
	if !strings.HasPrefix(key, "validation.") {
		return errs.Field{Path: path(d.Location), Key: "validation.other"} // Go's own text is for the log
	}
	f := errs.Field{Path: path(d.Location), Key: key}
	if has {
		f.Args = map[string]any{"n": arg}
	}
	if key == "validation.required" { // huma names the parent and puts the property into the message
		f.Path = strings.TrimPrefix(fmt.Sprintf("%s.%s", f.Path, arg), bodyPath+".")
	}
	return f
}

// bodyPath is the place of what is wrong with a body as a whole.
const bodyPath = "body"

// path is where a form finds its field: huma's "body.push.rep_ids" is "push.rep_ids".
func path(location string) string {
	if location == "" {
		return bodyPath
	}
	for _, part := range []string{"body.", "query.", "path."} {
		location = strings.TrimPrefix(location, part)
	}
	return location
}
