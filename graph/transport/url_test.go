package transport

import (
	"testing"
	"unsafe"
)

// TestURLIsNotKept holds that a query which is remembered does not keep the URL that
// it came in.
func TestURLIsNotKept(t *testing.T) {
	url := "query={echo}&operationName=A&padding=x"
	params, bad := readURL(url)
	if bad != nil || params.Query != "{echo}" || params.OperationName != "A" {
		t.Fatal(params, bad)
	}
	from := uintptr(unsafe.Pointer(unsafe.StringData(url)))
	for _, text := range []string{params.Query, params.OperationName} {
		if at := uintptr(unsafe.Pointer(unsafe.StringData(text))); at >= from && at < from+uintptr(len(url)) {
			t.Errorf("%s is a part of the URL", text)
		}
	}
}
