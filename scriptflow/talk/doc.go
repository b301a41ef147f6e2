// Package talk reads and runs .talk files: one conversation each, what the callee does and
// what the robot is to say, written so that a product manager can.
//
//	# asks for the price, then comes to see it
//	flow>  property.json
//	vars>  name=王女士
//	bot>   您好，请问是王女士吗？
//	man>   是的                 says it when the robot has finished
//	man!   多少钱一平            talks over the robot
//	man~                        says nothing until the robot loses patience
//	man#   1                    presses a key
//	bye>   man                  hangs up
//	take>  nobody               nobody takes the call that the robot hands over (or: agent)
//	call>  busy                 the call was not answered at all: the outcome
//	rule>  refusal_first        the tenant's policy; also gate_rounds=2 gate_talk=20 gate_keywords=1 gate_word=价格
//	does>  sms 微信             sms, do_not_call, transfer or stop: what the robot does besides
//	end>   completed            why the robot ended the talk; empty where it did not
//	grade> A 2                  the grade, and the rule that gave it
//
// bot>, does> and end> lines are the robot's: Run writes them anew, and a test with -update
// puts them into the file for review. grade> is the author's and never rewritten.
//
// The same talk can be replayed on a real call: Turns is the callee's part, Bot the robot's.
package talk
