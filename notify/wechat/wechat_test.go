package wechat

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"yingda/notify/delivery"
)

func TestClassify(t *testing.T) {
	for _, c := range []struct {
		text string
		code string
		want delivery.Failure
	}{
		{"template msg send error : errcode=40001 , errmsg=invalid credential", "40001", delivery.Later},
		{"template msg send error : errcode=45009 , errmsg=reach max api daily quota limit", "45009", delivery.Later},
		{"get stable access_token error : errcode=40125 , errormsg=invalid appsecret", "40125", delivery.Later},
		{"GetUserInfo Error , errcode=40003 , errmsg=invalid openid", "40003", delivery.Refused},
		{"template msg send error : errcode=-1 , errmsg=system error", "-1", delivery.Later},
		{"template msg send error : errcode=99999 , errmsg=new one", "99999", delivery.Refused},
		{"http get error : uri=https://x/send?access_token=SECRET , statusCode=502", "", delivery.Lost},
		{"unexpected end of JSON input", "", delivery.Lost},
	} {
		err := classify(errors.New(c.text))
		if delivery.FailureOf(err) != c.want || codeOf(err) != c.code {
			t.Errorf("%s: %v", c.text, err)
		}
		if strings.Contains(err.Error(), "SECRET") {
			t.Errorf("a token is in %v", err)
		}
	}
	if classify(nil) != nil {
		t.Error("no error became one")
	}
	mine := delivery.Fail(delivery.Later, "1", "x")
	if err := classify(fmt.Errorf("again: %w", mine)); delivery.FailureOf(err) != delivery.Later {
		t.Error("a classified failure was classified anew")
	}
}
