package app_test

import (
	"strings"
	"testing"

	"parley/internal/app"
	"parley/internal/config"
	"parley/internal/store/postgres/pgtest"
	"parley/internal/wire"
)

// onPostgres keeps the chats of the tests that TestPostgres runs; nil for all others, which are on SQLite.
var onPostgres *databases

// databases are one for each data directory.
type databases struct {
	server *pgtest.Server
	byDir  map[string]string
}

func (d *databases) of(dir string) string {
	if d.byDir[dir] == "" {
		d.byDir[dir] = d.server.Database()
	}
	return d.byDir[dir]
}

func TestPostgres(t *testing.T) {
	onPostgres = &databases{server: pgtest.Start(t), byDir: make(map[string]string)}
	defer func() { onPostgres = nil }()
	for name, test := range map[string]func(*testing.T){
		"login registers":             TestLogin_OnTheSocketRegistersAndThenSaysWhatThereIs,
		"login of twenty at once":     TestLogin_OfTwentyAtOnceWithDifferentPasswordsExactlyOneWins,
		"logout":                      TestLogout_AnswersAndThenCutsEverySocketOfTheSession,
		"a password changed":          TestPassword_ChangedByTheOperatorEndsEverySession,
		"a message to everyone":       TestSend_WithNoAudienceReachesEveryoneIncludingTheSender,
		"a direct message":            TestSend_ADirectMessageIsSeenByItsTwoPeopleOnly,
		"a cid twice":                 TestSend_TheSameCIDTwiceIsOneMessage,
		"one order":                   TestSend_EveryoneSeesTheMessagesOfARoomInOneOrder,
		"mentions":                    TestSend_TurnsMentionsOfMembersIntoIDs,
		"bounds":                      TestSend_HasBounds,
		"history":                     TestHistory_PagesBothWaysAndStopsAtItsEnds,
		"changes":                     TestChanges_TellWhatWasMissed,
		"read marks":                  TestRead_MovesOnOtherDevicesAndAtTheOtherSideOfADM,
		"rooms":                       TestRoom_JoiningAndLeavingIsToldToItsMembers,
		"private rooms":               TestRoom_APrivateOneIsUnknownToOthersUntilTheyAreInvited,
		"people":                      TestPeople_AreListedAndANewOneIsAnnounced,
		"files":                       TestFile_IsReadByItsUploaderThenByTheRoomAndGoneWithItsMessage,
		"bad uploads":                 TestFile_BadUploadsAreRefusedAndKeepNothing,
		"avatars":                     TestAvatar_IsAFileThatEverybodyMayRead,
		"search":                      TestSearch_FindsWhatOneMayRead,
		"leaving while connecting":    TestRace_LeavingWhileConnecting,
		"both start a direct message": TestRace_BothStartTheSameDirectMessage,
		"a restart of the server":     restart,
		"a restart of the database":   databaseRestart,
		"a second server":             secondServer,
	} {
		t.Run(name, test)
	}
}

func restart(t *testing.T) {
	first := start(t, nil)
	ann := first.person(t, "ann")
	said := ann.ok(wire.MessageSend, m{"body": "before", "cid": "c-1"}).Message
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	ann = startIn(t, first.dir, nil).device(t, "ann")
	again := ann.ok(wire.MessageSend, m{"body": "before", "cid": "c-1"})
	if !again.Duplicate || again.Message.ID != said.ID {
		t.Errorf("a retry after the restart: %+v", again)
	}
	if next := ann.ok(wire.MessageSend, m{"body": "after"}).Message; next.Seq != said.Seq+1 {
		t.Errorf("the next message is at %d", next.Seq)
	}
	if hits := ann.ok(wire.Search, m{"q": "before"}).Hits; len(hits) != 1 {
		t.Errorf("found %+v", hits)
	}
}

func databaseRestart(t *testing.T) {
	parley := start(t, func(cfg *config.Serve) { cfg.SendBurst = 1000 })
	parley.mayLogErrors = true
	ann := parley.person(t, "ann")
	said := ann.ok(wire.MessageSend, m{"body": "before"}).Message
	onPostgres.server.Stop()
	refused := ann.refused(wire.MessageSend, m{"body": "during", "cid": "c-2"})
	if refused.Code != "unavailable" || refused.RetryMS <= 0 {
		t.Errorf("while the database is down: %+v", refused)
	}
	if status := parley.readyStatus(t); status != 503 {
		t.Errorf("ready says %d while the database is down", status)
	}
	onPostgres.server.Run()
	parley.eventually(t, "the server is ready again", func() bool { return parley.readyStatus(t) == 200 })
	if next := ann.ok(wire.MessageSend, m{"body": "during", "cid": "c-2"}); next.Message.Seq != said.Seq+1 || next.Duplicate {
		t.Errorf("the retry is %+v", next)
	}
}

func (p *parley) readyStatus(t *testing.T) int {
	t.Helper()
	response, err := p.http.Get(p.url + "/readyz")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	return response.StatusCode
}

// secondServer: the database would take another server, the directory with the uploads does not.
func secondServer(t *testing.T) {
	first := start(t, nil)
	second, err := app.Start(t.Context(), flagsFor(t, first.dir), &app.Options{Version: "test"})
	if err == nil {
		second.Close()
	}
	if err == nil || !strings.Contains(err.Error(), "in use by another Parley") {
		t.Errorf("got %v", err)
	}
}
