package campaign

import (
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"

	"yingda/platform/locale"
)

// maxSample is how many rows the sample has at most.
const maxSample = 40

// person is what the sample tells of a lead, in both languages.
type person struct{ zh, en string }

var (
	samplePeople = []person{
		{"王芳", "Wang Fang"}, {"李强", "Li Qiang"}, {"张伟", "Zhang Wei"}, {"刘洋", "Liu Yang"}, {"陈静", "Chen Jing"},
		{"杨柳", "Yang Liu"}, {"赵敏", "Zhao Min"}, {"黄磊", "Huang Lei"}, {"周杰", "Zhou Jie"}, {"吴刚", "Wu Gang"},
		{"徐丽", "Xu Li"}, {"孙涛", "Sun Tao"}, {"马超", "Ma Chao"}, {"朱琳", "Zhu Lin"}, {"胡军", "Hu Jun"},
		{"郭靖", "Guo Jing"}, {"何洁", "He Jie"}, {"高远", "Gao Yuan"}, {"林峰", "Lin Feng"}, {"罗丹", "Luo Dan"},
		{"梁栋", "Liang Dong"}, {"宋佳", "Song Jia"}, {"郑爽", "Zheng Shuang"}, {"谢飞", "Xie Fei"}, {"韩雪", "Han Xue"},
		{"唐宁", "Tang Ning"}, {"冯唐", "Feng Tang"}, {"于洋", "Yu Yang"}, {"董洁", "Dong Jie"}, {"萧山", "Xiao Shan"},
		{"程诚", "Cheng Cheng"}, {"曹颖", "Cao Ying"}, {"袁立", "Yuan Li"}, {"邓超", "Deng Chao"}, {"许晴", "Xu Qing"},
		{"傅强", "Fu Qiang"}, {"沈冰", "Shen Bing"}, {"曾诚", "Zeng Cheng"}, {"彭越", "Peng Yue"}, {"吕萍", "Lü Ping"},
	}
	sampleProjects = []person{{"云栖湾", "Yunqi Bay"}, {"曲江书苑", "Qujiang Court"}, {"高新天地", "Hi-Tech Plaza"}}
	sampleSources  = []person{{"老客户介绍", "referral"}, {"楼盘登记", "visited the site"}, {"线上表单", "web form"}, {"电话咨询", "called us"}}
	sampleNotes    = []person{{"想看三居", "wants three rooms"}, {"", ""}, {"关注学区", "asks for schools"}, {"", ""}, {"首次置业", "first home"}}
)

func (p person) in(lang string) string {
	if lang == locale.English {
		return p.en
	}
	return p.zh
}

// WriteSample writes the sample list that a newcomer downloads and uploads again: 40
// invented leads with these numbers (fewer where there are fewer), texts in lang. The column of phones is text, so
// that Excel leaves the numbers as they are.
func WriteSample(w io.Writer, lang string, numbers []string) error {
	f := excelize.NewFile()
	defer f.Close()
	sheet := locale.T(lang, "sample.sheet", nil)
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		return fmt.Errorf("name the sample's sheet: %w", err)
	}
	if err := sampleLook(f, sheet, lang); err != nil {
		return fmt.Errorf("style the sample: %w", err)
	}
	for i, number := range numbers[:min(maxSample, len(numbers))] {
		row := []any{samplePeople[i%len(samplePeople)].in(lang), number, sampleProjects[i%len(sampleProjects)].in(lang),
			sampleSources[i%len(sampleSources)].in(lang), sampleNotes[i%len(sampleNotes)].in(lang)}
		if err := f.SetSheetRow(sheet, fmt.Sprintf("A%d", i+2), &row); err != nil {
			return fmt.Errorf("write the sample's row %d: %w", i+2, err)
		}
	}
	return f.Write(w)
}

// sampleLook sets the header and the columns.
func sampleLook(f *excelize.File, sheet, lang string) error {
	var titles []any
	for _, key := range []string{"name", "phone", "project", "source", "note"} {
		titles = append(titles, locale.T(lang, "sample."+key, nil))
	}
	if err := f.SetSheetRow(sheet, "A1", &titles); err != nil {
		return err
	}
	head, err := headStyle(f)
	if err != nil {
		return err
	}
	asText, err := f.NewStyle(&excelize.Style{NumFmt: 49}) // "@": what is typed there stays text
	if err != nil {
		return err
	}
	for i, width := range []float64{12, 18, 16, 18, 22} {
		col, _ := excelize.ColumnNumberToName(i + 1)
		if err := f.SetColWidth(sheet, col, col, width); err != nil {
			return err
		}
	}
	if err := f.SetColStyle(sheet, "B", asText); err != nil {
		return err
	}
	if err := f.SetCellStyle(sheet, "A1", "E1", head); err != nil {
		return err
	}
	if err := f.SetRowHeight(sheet, 1, 22); err != nil {
		return err
	}
	return f.SetPanes(sheet, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}
