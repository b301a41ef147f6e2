import type { components } from './schema'

// The one place that names the server's schemas: the rest of the console uses these words.
type S = components['schemas']

export type Locale = 'zh-CN' | 'en-US'
export type Theme = 'light' | 'dark' | 'system'
export type Grade = 'A' | 'B' | 'C' | 'D' | 'E' | 'F'
export type Grades = Record<string, number>
export type Ref = S['CallRef']
export type Me = S['TenantMe']
export type Notice = S['TenantNotice']
export type System = S['System']
export type Checklist = S['CampaignChecklist']
export type Summary = S['CampaignSummary']
export type Script = S['LibraryView']
export type ScriptDetail = S['LibraryDetail']
export type ScriptProblem = S['LibraryProblemView']
export type FlowNode = S['ScriptflowGraphNode']
export type FlowEdge = S['ScriptflowGraphEdge']
export type KeywordClass = S['LibraryClassView']
export type Seat = S['CampaignSeatView']
export type SeatState = Seat['state']
export type SeatDetail = S['CampaignSeatDetail']
export type HoursRange = S['CampaignRange']
export type TimeTemplate = S['CampaignTemplateView']
export type TimeTemplateInput = Omit<S['CampaignTemplateBody'], '$schema'>
export type Campaign = S['CampaignView']
export type CampaignState = Campaign['state']
export type CampaignDetail = S['CampaignDetail']
export type CampaignInput = S['CreateCampaignCreateInBody']
export type ActiveCall = S['CampaignActiveCall']
export type Lead = S['CampaignLeadView']
export type LogEntry = S['CampaignLogLine']
export type Import = S['CampaignImportView']
export type Call = S['CallView']
export type CallDetail = S['CallDetail']
export type Turn = S['CallTurnView']
export type TurnHit = S['CallHit']
export type Peaks = Omit<S['CallPeaks'], '$schema'>
export type Customer = S['CrmCustomer']
export type CustomerDetail = S['CrmCustomerDetail']
export type User = S['UserState']
export type Dnc = S['CrmDnc']
export type SandboxSms = S['NotifySandboxSms']
export type SandboxWechat = S['NotifySandboxWechat']
export type SmsTemplate = S['NotifySmsTemplate']
export type Task = S['TenantWorkView']
export type OperatorTenant = S['TenantState']
export type FieldProblem = S['ProblemField']
export type ProblemBody = S['Problem']

/** One page of a list, as every list of the server answers. */
export interface PageOf<T> { items: T[]; next: string; total: number | null; total_capped: boolean }

export const grades: readonly Grade[] = ['A', 'B', 'C', 'D', 'E', 'F']
