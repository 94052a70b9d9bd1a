package seed

// The words that names are made of. Places of the names are invented: none is
// meant to be that of a person or a company.
var (
	houses = []string{
		"Hollowbrook", "Larkmoor", "Thistlecombe", "Bramblewick", "Kestrelmoor", "Wetherfold", "Ashenford", "Copperhythe",
		"Dunnockdale", "Emberley", "Fernhollow", "Gorsewater", "Hazelmarsh", "Ivythorpe", "Juniperstead", "Knapweed",
		"Lindenmere", "Mossgarth", "Nettlebourne", "Oxlipfield", "Peatling", "Quillshaw", "Rookhaven", "Saltersgate",
		"Tamarisk", "Umberslade", "Vetchley", "Whinfell", "Yarrowby", "Zephyrstone", "Müßiggang", "Grünwinkel", "Björkängen",
		"Łąkowo", "Fjellbæk", "Côte-Verte", "Señorán", "O'Dunmarra", "Mac an tSléibhe", "D'Arrowmont",
	}
	trades = []string{
		"Bakeries", "Joinery", "Logistics", "Veterinary Group", "Dental Care", "Estates", "Freight", "Garden Centres",
		"Roofing", "Catering", "Solicitors", "Optics", "Motors", "Print Works", "Brewery", "Care Homes", "Fabrication",
		"Recruitment", "Nurseries", "Hôtel", "Café", "Timber", "Marine", "Travel", "Cycles", "Publishing", "Textiles",
		"Foods", "Surveyors", "Pharmacy",
	}
	forms    = []string{"Ltd", "Ltd", "Ltd", "LLP", "Limited", "& Sons", "Group", "plc", "GmbH", "CIC"}
	given    = []string{"Aoife", "Ben", "Chloë", "Dafydd", "Esmé", "Farah", "Gareth", "Håkon", "Imogen", "Jürgen", "Kirsty", "Léa", "Mina", "Niamh", "Owen", "Priya", "Quentin", "Rhian", "Siân", "Tomasz", "Úna", "Vera", "Wanda", "Yusuf", "Zoë"}
	surnames = []string{"Thistlewaite-Orr", "O'Hallowell", "Brackenbourne", "Cinderford", "Dovecourt", "Elderfield", "Fernsby-Wren", "Gullthorpe", "Hazelhyrst", "Ironbrook", "Müllerkamp", "Løvenskov", "Nightgale", "Oakshaw", "Pendlemarsh", "Quickthorn", "Ravenholt", "Söderbäck", "Tansywell", "Underbarrow", "Winterbeck", "Żurawicz"}

	siteKinds   = []string{"head office", "warehouse", "shop", "depot", "workshop", "showroom", "call centre", "home office"}
	streets     = []string{"Canal Wharf", "Mill Lane", "Station Approach", "Foundry Street", "Market Place", "Orchard Way", "St Anne's Road", "Quayside", "Tannery Yard", "Chapel Hill", "Weavers' Row", "Enterprise Park"}
	departments = []string{"SALES", "OPS", "FIN", "IT", "HR", "DISPATCH", "SUPPORT"}
	labels      = []string{"Main line", "Reception", "Accounts", "Fax (old)", "Night desk", "Lift alarm", "Door entry", "Team phone", "Director's mobile", "Café till", "Van 1", "Van 2", "Pool SIM"}
	reasons     = []string{"Goodwill for the outage of 12 August", "Correction of a double charge", "Agreed at the review in June", "Migration from the old tariff", "Promotion: spring 2025"}
	campaigns   = []string{"free-trial", "signup-promotion", "spring-2025", "loyalty", "win-back"}
	regions     = []string{"north", "south", "midlands", "scotland", "wales", "ireland"}
)

// A town, with the area of its postcodes and the telephone numbers that the
// regulator keeps free for drama: they never reach anyone.
type town struct {
	name, county, area string
	number             string // that three more digits follow
}

var towns = []town{
	{"Leeds", "West Yorkshire", "LS", "01134960"},
	{"Sheffield", "South Yorkshire", "S", "01144960"},
	{"Nottingham", "Nottinghamshire", "NG", "01154960"},
	{"Leicester", "Leicestershire", "LE", "01164960"},
	{"Bristol", "", "BS", "01174960"},
	{"Reading", "Berkshire", "RG", "01184960"},
	{"Birmingham", "West Midlands", "B", "01214960"},
	{"Edinburgh", "Midlothian", "EH", "01314960"},
	{"Glasgow", "Lanarkshire", "G", "01414960"},
	{"Liverpool", "Merseyside", "L", "01514960"},
	{"Manchester", "Greater Manchester", "M", "01614960"},
	{"London", "", "EC", "02079460"},
	{"Newcastle upon Tyne", "Tyne and Wear", "NE", "01914980"},
	{"Cardiff", "South Glamorgan", "CF", "02920180"},
	{"Belfast", "County Antrim", "BT", "02896496"},
}

// slug is text as it may stand in an address of electronic mail.
func slug(text string) string {
	out := make([]byte, 0, len(text))
	for _, c := range text {
		switch {
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			out = append(out, byte(c))
		case c >= 'A' && c <= 'Z':
			out = append(out, byte(c-'A'+'a'))
		case c == ' ' || c == '-':
			if n := len(out); n > 0 && out[n-1] != '-' {
				out = append(out, '-')
			}
		default:
			out = append(out, plain[c]...)
		}
	}
	for len(out) > 0 && out[len(out)-1] == '-' {
		out = out[:len(out)-1]
	}
	return string(out)
}

// plain are letters without their marks.
var plain = map[rune]string{
	'ü': "ue", 'ö': "oe", 'ä': "ae", 'ß': "ss", 'é': "e", 'ë': "e", 'ô': "o", 'ñ': "n", 'á': "a", 'å': "a", 'Å': "a", 'ø': "o",
	'æ': "ae", 'Ł': "l", 'ą': "a", 'Ż': "z", 'â': "a", 'Ú': "u", 'ó': "o",
}
