package wechat

import (
	"errors"
	"net"
	"regexp"

	"yingda/notify/delivery"
)

// failures says what WeChat's global return codes mean for a message
// (developers.weixin.qq.com, 全局返回码). A code that is not here is Refused: WeChat
// answered, and not with 0.
var failures = map[string]delivery.Failure{
	"-1":    delivery.Later, // system busy
	"40001": delivery.Later, // the access token is not valid
	"40014": delivery.Later,
	"42001": delivery.Later, // the access token has expired
	"45009": delivery.Later, // quota of the day is used up
	"45011": delivery.Later, // too many in a minute
	"40013": delivery.Later, // wrong app id, secret or caller's address:
	"40125": delivery.Later, // an operator mends these, the message is fine
	"40164": delivery.Later,
}

var (
	errcode = regexp.MustCompile(`errcode=(-?\d+)[ ,]+(?:errmsg|errormsg)=(.*)`)
	secrets = regexp.MustCompile(`(access_token|secret)=[^&\s"]+`)
)

// classify turns the library's text errors into a delivery.Error, without the
// access token that they quote in addresses. nil stays nil.
func classify(err error) error {
	if err == nil {
		return nil
	}
	var done *delivery.Error
	if errors.As(err, &done) {
		return err
	}
	if m := errcode.FindStringSubmatch(err.Error()); m != nil {
		f, known := failures[m[1]]
		if !known {
			f = delivery.Refused
		}
		return delivery.Fail(f, m[1], m[2])
	}
	cause := errors.New(secrets.ReplaceAllString(err.Error(), "$1=***"))
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "dial" {
		return delivery.Fail(delivery.Later, "", "notify.send.no_connection").Because(cause)
	}
	return delivery.Fail(delivery.Lost, "", "notify.send.no_answer").Because(cause)
}

func codeOf(err error) string {
	var e *delivery.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}
