package ingest

import "io"

// Source is a file to import.
type Source struct {
	Name string // for messages; gzip if it ends in .gz
	Open func() (io.ReadCloser, error)
}

// stream reads the rows of files, one after another, as if they were one file.
type stream struct {
	files []Source
	begin func(name string) // called before each file

	parser  *parser // of the file that is being read
	before  int64   // bytes of the files before it
	partial bool    // the last page of the last file names a further page
}

// each calls do with each row of each file.
func (s *stream) each(do func(*node, []flaw) error) error {
	for _, f := range s.files {
		if err := s.file(f, do); err != nil {
			return err
		}
	}
	return nil
}

func (s *stream) file(f Source, do func(*node, []flaw) error) error {
	s.begin(f.Name)
	content, err := f.Open()
	if err != nil {
		return err
	}
	defer content.Close()
	if s.parser, err = newParser(f.Name, content); err != nil {
		return err
	}
	if err := s.parser.each(do); err != nil {
		return err
	}
	s.before, s.partial = s.offset(), s.parser.partial
	s.parser = nil
	return nil
}

// offset is the number of bytes read, of all files.
func (s *stream) offset() int64 {
	if s.parser == nil {
		return s.before
	}
	return s.before + s.parser.json.InputOffset()
}
