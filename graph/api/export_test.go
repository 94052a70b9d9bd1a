package api

var NewGraphQL = newGraphQL
